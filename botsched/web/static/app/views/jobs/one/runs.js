/** How a job fared lately. */

import { html, nothing } from "../../../lib.js";
import { duration, when } from "../../../time.js";
import { icon } from "../../../ui/icon.js";
import { stateBadge } from "../../../ui/state.js";
import { strip } from "../../../ui/strip.js";
import { lateness, origin, seconds, why } from "../../executions/words.js";

export function runs(job, executions) {
  return html`<section class="panel" aria-labelledby="job-runs">
    <div class="panel-head"><h2 id="job-runs">Last runs</h2>${job.runs.length ? strip(job.runs, { jobZone: job.timezone }) : nothing}</div>
    ${executions.length ? html`<ol class="job-executions">${executions.map((run) => entry(run, job))}</ol>
      <p class="panel-more"><a href="/executions?job_id=${job.job_id}&range=all">All its executions ${icon("chevron-right")}</a></p>`
      : html`<p class="text-body-secondary mb-0">It never ran. ${job.paused ? "It is paused." : "Run it now to see whether it works."}</p>`}
  </section>`;
}

function entry(run, job) {
  const reason = why(run);
  return html`<li>
    <a class="job-run-state" href="/executions/${run.execution_id}">${stateBadge(run.state)}</a>
    <span class="job-run-when">${when(run.started_time ?? run.scheduled_time, { jobZone: job.timezone })}
      <span class="text-body-secondary">${notes(run)}</span></span>
    <span class="job-run-took">${duration(seconds(run))}</span>
    ${reason ? html`<span class="job-run-why" title=${reason}>${reason}</span>` : nothing}
  </li>`;
}

function notes(run) {
  const times = run.due_count > 1 ? `${run.due_count.toLocaleString("en")} times` : "";
  return [times, run.due_time ? "" : origin(run), lateness(run)].filter(Boolean).join(", ");
}
