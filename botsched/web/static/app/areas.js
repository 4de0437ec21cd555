/** The addresses and the views that answer to them, each loaded when it is first looked at. */

export const AREAS = [
  { path: "", nav: "overview", view: () => import("./views/overview/overview.js") },
  { path: "jobs", nav: "jobs", view: () => import("./views/jobs/list.js") },
  { path: "jobs/new", nav: "jobs", view: () => import("./views/jobform/form.js") },
  { path: "jobs/:id", nav: "jobs", view: () => import("./views/jobs/job.js") },
  { path: "jobs/:id/edit", nav: "jobs", view: () => import("./views/jobform/form.js") },
  { path: "executions", nav: "executions", view: () => import("./views/executions/list.js") },
  { path: "executions/:id", nav: "executions", view: () => import("./views/executions/execution.js") },
  { path: "mails", nav: "mails", view: () => import("./views/mails/list.js") },
  { path: "mails/:id", nav: "mails", view: () => import("./views/mails/mail.js") },
  { path: "files", nav: "files", view: () => import("./views/files/list.js") },
  { path: "files/:id", nav: "files", view: () => import("./views/files/file.js") },
  { path: "logs", nav: "logs", view: () => import("./views/logs/logs.js") },
  { path: "system", nav: "system", view: () => import("./views/system/system.js") },
];

/** What the navigation shows, `short` where there is little room; `key` after `g` goes there. */
export const NAVIGATION = [
  { nav: "overview", href: "/", label: "Overview", icon: "speedometer2", key: "o" },
  { nav: "jobs", href: "/jobs", label: "Jobs", icon: "calendar3", key: "j" },
  { nav: "executions", href: "/executions", label: "Executions", short: "Runs", icon: "list-check", key: "e" },
  { nav: "mails", href: "/mails", label: "Mails", icon: "envelope", key: "m" },
  { nav: "files", href: "/files", label: "Files", icon: "folder", key: "f" },
  { nav: "logs", href: "/logs", label: "Logs", icon: "journal-text", key: "l" },
  { nav: "system", href: "/system", label: "System", icon: "hdd-stack", key: "s" },
];
