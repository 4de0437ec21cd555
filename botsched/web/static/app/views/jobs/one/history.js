/** Who changed a job, and how. */

import { html, nothing } from "../../../lib.js";
import { when } from "../../../time.js";
import { icon } from "../../../ui/icon.js";

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
    ${first ? html`<ol class="changes">${logs.map(entry)}</ol>
      <p class="panel-more"><a href="/logs?job_id=${first.job_id}">The whole audit log of it ${icon("chevron-right")}</a></p>`
      : html`<p class="text-body-secondary mb-0">The audit log holds nothing about it any more.</p>`}
  </section>`;
}

function entry({ user, event, created_time: at, description, changes }) {
  return html`<li>
    <span><strong>${user}</strong> ${EVENTS[event] ?? event} <span class="text-body-secondary">${when(at)}</span></span>
    ${changes?.length ? changes.map(change) : description ? html`<span class="sub">${description}</span>` : nothing}
  </li>`;
}

function change({ field, before, after }) {
  return html`<span class="sub"><b>${field}</b> <del>${written(before)}</del> → <ins>${written(after)}</ins></span>`;
}

function written(value) {
  if (value === null || value === undefined || value === "") return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}
