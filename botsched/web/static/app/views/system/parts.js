/** The parts of the server, each in a panel: what it says of itself. */

import { bytes } from "../../bytes.js";
import { html, nothing } from "../../lib.js";
import { duration, when } from "../../time.js";
import { icon } from "../../ui/icon.js";

/** A panel with a heading; `said` with an error in it is told instead of `content(said)`. */
export function panel(id, title, iconName, said, content) {
  return html`<section class="panel system-panel" id=${id} aria-labelledby="${id}-title">
    <h2 id="${id}-title">${icon(iconName)} ${title}</h2>
    ${said?.error ? html`<p class="state mood-bad">${icon("x-circle-fill")}${said.error}</p>` : content(said)}
  </section>`;
}

/** Names with what belongs to them; a line without value is left out. */
export function lines(entries) {
  const given = entries.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return html`<dl class="system-lines">${given.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A word with a shape and a colour that says how good it is. */
export function standing(mood, words) {
  const shapes = { good: "check-circle-fill", bad: "x-circle-fill", warn: "exclamation-triangle-fill", quiet: "dash-circle" };
  return html`<span class="state mood-${mood}">${icon(shapes[mood])}${words}</span>`;
}

/** The server's own process, and the machine. */
export function server({ server: said, scheduler, settings, versions }) {
  return lines([
    ["Role", said.role === "active" ? standing("good", "schedules") : standing("quiet", "stands by")],
    ["Up for", duration(said.uptime)],
    ["Version", versions.program],
    ["Jobs", scheduler.jobs],
    ["Looks at jobs next", scheduler.next_time ? when(scheduler.next_time) : "nothing is due"],
    ["Memory", bytes(said.memory)],
    ["Processor time", duration(said.cpu_seconds)],
    ["Load", `${said.load.map((each) => each.toFixed(2)).join(" ")} on ${said.cores ?? "?"} processors`],
    ["Process", said.pid],
    ["Cluster of ECS", settings.ecs?.cluster],
  ]);
}

export function proxy(said) {
  if (said === null) return html`<p class="text-body-secondary">None: the server runs with --no-proxy, and something else guards it.</p>`;
  const { certificate, state, port, restarts, pid } = said;
  return lines([
    ["State", standing(state === "running" ? "good" : "bad", state)],
    ["Port", port],
    ["Restarts", restarts],
    ["Certificate", certificate.own_authority ? "made by the proxy itself" : certificate.file],
    ["It ends", certificate.expires_time ? when(certificate.expires_time, { relative: false, seconds: false }) : "not known"],
    ["Process", pid],
  ]);
}

export function workers({ slots, running, waiting, starter }) {
  return html`<div class="slots" role="img" aria-label="${running} of ${slots} slots taken">
      ${Array.from({ length: Math.min(slots, 50) }, (_, index) => html`<span class="slot ${index < running ? "is-taken" : ""}"></span>`)}</div>
    ${lines([
      ["Running", html`<a href="/executions?state=scheduled,running,stopping">${running} of ${slots}</a>`],
      ["Waiting", waiting],
      ["Starter", standing({ ready: "good", loading: "quiet" }[starter.state] ?? "bad", { ready: "ready", loading: "loads changed modules" }[starter.state] ?? starter.state)],
      ["Process", starter.pid],
    ])}`;
}

export function mail(profiles) {
  if (!profiles.length) {
    return html`<p class="text-body-secondary">No mail is sent: no profile is selected. Write <code>conf/smtp.ini</code>, and name one of its sections with <code>--smtp-profile</code>.</p>`;
  }
  return html`${profiles.map(channel)}<p class="system-note"><a href="/mails">All mails</a></p>`;
}

const KINDS = { smtp: "SMTP", webhook: "web hook", command: "command", channel: "channel of your own" };

function channel(each) {
  const list = (state, words) => html`<a href="/mails?profile=${encodeURIComponent(each.profile)}&state=${state}">${words}</a>`;
  return html`<h3 class="system-sub">${each.profile} <span class="system-kind">${each.selected ? KINDS[each.kind] : "not selected"}</span></h3>
    ${lines([
      ["To deliver", each.owed ? html`${list("queued,sending,deferred", each.owed)}, the oldest ${when(each.oldest_time)}` : standing("good", "nothing")],
      ["Failing", each.failing ? html`${list("deferred", standing("bad", each.failing))} next attempt ${when(each.next_attempt_time)}` : null],
      ["Last error", each.failing_error],
      ["Held", each.held ? html`${list("held", each.held)} for the end of quiet hours, or for a digest` : null],
      ["Given up", each.dead ? html`${list("dead", standing("warn", each.dead))} the last ${when(each.dead_time)}` : null],
      ["Why", each.dead_error],
      ["If it fails", each.fallback ? `${each.fallback} stands in` : null],
    ])}`;
}

export function database(said, tables) {
  return html`${lines([
    ["Kind", `${{ sqlite: "SQLite", postgresql: "PostgreSQL", mysql: "MySQL or MariaDB" }[said.kind]} ${said.version}`],
    ["Where", said.name],
    ["Size", bytes(said.size)],
    ["Free on its disk", said.disk ? free(said.disk) : null],
    ["A read takes", milliseconds(said.read_seconds)],
    ["A commit takes", milliseconds(said.write_seconds)],
    ["Tables of revision", said.revision],
  ])}
  ${Array.isArray(tables) ? html`<details class="system-fold"><summary>Rows of the tables</summary>
    <table class="table table-sm"><thead><tr><th scope="col">Table</th><th scope="col" class="number">Rows</th></tr></thead>
    <tbody>${tables.map(({ table, rows, exact }) => html`<tr><td>${table}</td><td class="number">${exact ? nothing : "about "}${rows.toLocaleString("en")}</td></tr>`)}</tbody></table></details>` : nothing}`;
}

export function data({ folder, writable, disk }) {
  return lines([
    ["Folder", html`<a href="/files">${folder}</a>`],
    ["Files can be put there", writable ? standing("good", "yes") : standing("warn", "no")],
    ["Free on its disk", disk ? free(disk) : null],
  ]);
}

export function instances(all) {
  return html`<table class="table table-sm"><thead><tr><th scope="col">Server</th><th scope="col">Role</th><th scope="col">Last heard of</th></tr></thead>
    <tbody>${all.map((each) => html`<tr><td>${each.hostname}, process ${each.pid}${each.here ? html` <span class="text-body-secondary">(this one)</span>` : nothing}</td>
      <td>${standing({ active: "good", standby: "quiet", gone: "warn" }[each.role], each.role)}</td><td>${when(each.seen_time)}</td></tr>`)}</tbody></table>`;
}

export function versions({ program, python, platform, libraries }) {
  return lines([["bots-scheduler", program], ["Python", python], ["System", platform], ...Object.entries(libraries)]);
}

/** Settings in groups, as JSON data. */
export function settings(groups) {
  return html`<details class="system-fold"><summary>Show them; secrets are left out</summary>
    <pre class="settings" tabindex="0" aria-label="Settings in effect">${JSON.stringify(groups, null, 2)}</pre></details>`;
}

function free({ free: rest, total }) {
  return `${bytes(rest)} of ${bytes(total)}`;
}

function milliseconds(seconds) {
  const count = seconds * 1000;
  return `${count < 10 ? count.toFixed(1) : Math.round(count)} ms`;
}
