/** Who changed a job, and how. */

import { html, nothing } from "../../../lib.js";
import { when } from "../../../time.js";
import { icon } from "../../../ui/icon.js";
import { changesTable, folded } from "../../logs/changes.js";
import { remark, telling } from "../../logs/words.js";

const EVENTS = {
  added: "added it",
  modified: "changed it",
  paused: "paused it",
  resumed: "resumed it",
  custom_run: "ran it",
  stopped: "stopped a run",
  deleted: "deleted it",
};

export function history(logs) {
  const [first] = logs;
  return html`<section class="panel" aria-labelledby="job-history">
    <h2 id="job-history">Changes</h2>
    ${first ? html`<ol class="job-changes">${logs.map(entry)}</ol>
      <p class="panel-more"><a href="/logs?job_id=${first.job_id}&range=all">The whole audit log of it ${icon("chevron-right")}</a></p>`
      : html`<p class="text-body-secondary mb-0">The audit log holds nothing about it any more.</p>`}
  </section>`;
}

function entry(log) {
  const changes = telling(log);
  return html`<li>
    <strong>${log.user}</strong> ${EVENTS[log.event] ?? log.event} <span class="text-body-secondary">${when(log.created_time)}</span>
    ${log.event === "added" ? nothing : folded(remark(log))}
    ${changes.length ? changesTable(changes) : nothing}
  </li>`;
}
