/** The audit log in words. */

import { html, nothing } from "../../lib.js";

const EXECUTION = /^(?:execution )?([0-9a-f]{32})\b/;
const MAIL = /^mail ([0-9a-f]{32}) through (.+?), /;
const FILE = /^(.*): \d+ bytes$/s;

/** By event: what somebody did, and an icon; `of` says what it was done to. */
export const EVENTS = {
  added: { words: "added the job", icon: "plus-lg", of: "job" },
  modified: { words: "changed the job", icon: "pencil", of: "job" },
  deleted: { words: "deleted the job", icon: "trash", of: "gone" },
  paused: { words: "paused the job", icon: "pause-fill", of: "job" },
  resumed: { words: "resumed the job", icon: "play-fill", of: "job" },
  custom_run: { words: "ran the job", icon: "play-circle-fill", of: "run" },
  stopped: { words: "stopped a run of", icon: "stop-circle", of: "run" },
  file_added: { words: "added the file", icon: "file-earmark-text", of: "file" },
  file_modified: { words: "changed the file", icon: "file-earmark-text", of: "file" },
  file_deleted: { words: "deleted the file", icon: "trash", of: "file gone" },
  mail_resent: { words: "had mail sent again", icon: "envelope", of: "mail" },
  mail_discarded: { words: "discarded a mail", icon: "trash", of: "mail" },
  login: { words: "logged in", icon: "key", of: "" },
  held: { words: "held all jobs", icon: "pause-circle", of: "" },
  released: { words: "released all jobs", icon: "play-circle-fill", of: "" },
  windows: { words: "changed the maintenance windows", icon: "calendar3", of: "" },
  reloaded: { words: "had the job folders loaded anew", icon: "arrow-repeat", of: "" },
};

const SAID = { paused: "paused", resumed: "paused", held: "held", released: "held" };

const FIELDS = {
  job_class_string: "class",
  pub_args: "arguments",
  paused_until: "paused until",
  missed: "missed instants",
  missed_limit: "missed instants run, at most",
  misfire: "missed instants run up to this late",
  grace: "on time up to this late",
  overlap: "when runs overlap",
  max_instances: "runs at a time",
  time_limit: "time limit",
  windows: "maintenance windows",
  retry: "further attempts",
  then_run: "jobs run after a success",
  on_failure_run: "jobs run after a failure",
  keep_days: "days executions are kept",
  keep_count: "executions kept",
  held: "all jobs held",
};

/** The name of a field for people. */
export function fieldWords(field) {
  return FIELDS[field] ?? field.replaceAll("_", " ");
}

/** What an event was about, as a link where there still is something. */
export function subject(log) {
  const { of = "job" } = EVENTS[log.event] ?? {};
  if (of === "job") return jobLink(log);
  if (of === "gone") return html`<strong>${log.job_name}</strong>`;
  if (of === "run") return html`${jobLink(log)}${runLink(log)}`;
  if (of === "mail") return mailLink(log);
  if (of === "file gone") return html`<strong>${log.description}</strong>`;
  if (of === "file") return fileLink(log);
  return nothing;
}

/** What is to be said beside the subject and the changes. */
export function remark({ event, description, changes }) {
  const told = EVENTS[event]?.of ?? "";
  if (changes || !description || told.startsWith("file") || EXECUTION.test(description) || MAIL.test(description)) return "";
  return description;
}

/** The changes that are more than what the event says by itself. */
export function telling({ event, changes }) {
  const said = SAID[event];
  return (changes ?? []).filter((change) => change.field !== said);
}

function jobLink({ job_id: id, job_name: name }) {
  return id ? html`<a href="/jobs/${id}">${name}</a>` : html`<strong>${name}</strong>`;
}

function runLink({ description }) {
  const [, id] = EXECUTION.exec(description) ?? [];
  return id ? html` <a class="log-link log-run" href="/executions/${id}">see the run</a>` : nothing;
}

function mailLink(log) {
  const [, id, profile] = MAIL.exec(log.description) ?? [];
  const about = log.job_id ? html`about ${jobLink(log)} ` : nothing;
  return id ? html`${about}through ${profile} <a class="log-link log-run" href="/mails/${id}">see the mail</a>` : about;
}

function fileLink({ description }) {
  const [, name] = FILE.exec(description) ?? [];
  return name ? html`<a class="log-link" href="/files/${encodeURIComponent(name)}">${name}</a>` : html`<strong>${description}</strong>`;
}
