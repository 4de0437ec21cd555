/** How a job fared lately. */

import { html, nothing } from "../../../lib.js";
import { duration, when } from "../../../time.js";
import { icon } from "../../../ui/icon.js";
import { stateBadge } from "../../../ui/state.js";
import { strip } from "../../../ui/strip.js";
import { origin, seconds, why } from "../../executions/words.js";

export function runs(job, executions) {
  return html`<section class="panel" aria-labelledby="job-runs">
    <div class="panel-head"><h2 id="job-runs">Last runs</h2>${strip(job.runs, { jobZone: job.timezone })}</div>
    ${executions.length ? table(executions, job) : html`<p class="text-body-secondary mb-0">It never ran.
      ${job.paused ? "It is paused." : "Run it now to see whether it works."}</p>`}
    ${executions.length ? html`<p class="panel-more"><a href="/executions?job_id=${job.job_id}">All its executions ${icon("chevron-right")}</a></p>` : nothing}
  </section>`;
}

function table(executions, job) {
  return html`<table class="table job-executions">
    <thead><tr><th scope="col">State</th><th scope="col">When</th><th scope="col">Why</th><th scope="col" class="number">Took</th></tr></thead>
    <tbody>${executions.map((run) => html`<tr>
      <td><a href="/executions/${run.execution_id}">${stateBadge(run.state)}</a></td>
      <td class="nowrap">${when(run.started_time ?? run.scheduled_time, { jobZone: job.timezone })}<span class="sub">${times(run)}</span></td>
      <td class="job-why">${why(run)}</td>
      <td class="number nowrap">${duration(seconds(run))}</td>
    </tr>`)}</tbody>
  </table>`;
}

function times(run) {
  return run.due_count > 1 ? `${run.due_count.toLocaleString("en")} times` : origin(run);
}
