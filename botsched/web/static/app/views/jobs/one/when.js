/** When a job is due: in words, and its next instants with what the clock does to them. */

import { html, nothing } from "../../../lib.js";
import { foreignZone, relative, when } from "../../../time.js";
import { icon } from "../../../ui/icon.js";
import { clockOf, nextRun, scheduleWords } from "../parts.js";

export function instants(job, next) {
  return html`<section class="panel" aria-labelledby="job-when">
    <h2 id="job-when">When</h2>
    <p class="job-words">${scheduleWords(job)}<span class="sub">${clockOf(job)}</span></p>
    ${job.paused || !job.next_run_time ? html`<p>${nextRun(job)}</p>` : nothing}
    ${zoneNote(next, job)}
    ${next.length ? html`<ol class="instants" aria-label="Next instants">${next.map((each) => instant(each, job))}</ol>`
      : html`<p class="text-body-secondary mb-0">It is never due again.</p>`}
  </section>`;
}

function zoneNote(next, job) {
  const zone = foreignZone(next.map(({ utc }) => utc), job.timezone);
  return zone ? html`<p class="note mb-1">On the clock of <strong>${zone}</strong>, not of ${job.timezone}:</p>` : nothing;
}

function instant({ utc, remark }, job) {
  return html`<li class=${job.paused ? "is-off" : ""}>
    ${when(utc, { jobZone: job.timezone, relative: false })}<span class="text-body-secondary">${relative(utc)}</span>
    ${remark ? html`<span class="remark mood-warn">${icon("exclamation-triangle-fill")} ${remark}</span>` : nothing}
  </li>`;
}
