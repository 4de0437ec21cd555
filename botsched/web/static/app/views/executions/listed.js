/** One execution as a row of the list; on a phone, as a card. */

import { html, nothing } from "../../lib.js";
import { absolute, duration, when } from "../../time.js";
import { icon } from "../../ui/icon.js";
import { stateBadge } from "../../ui/state.js";
import { progress } from "./progress.js";
import { lateness, origin, seconds, why } from "./words.js";

const STOPPABLE = ["scheduled", "running"];

/** `acts.stop(run)` is called when it is to be stopped. */
export function listed(run, acts) {
  return html`<tr>
    <td class="run-badge">${stateBadge(run.state)}</td>
    <td class="run-name"><a href="/executions/${run.execution_id}">${run.job.name}</a>${count(run)}</td>
    <td class="run-reason">${why(run)}${run.state === "running" ? progress(run, { small: true }) : nothing}</td>
    <td class="run-by">${origin(run)}</td>
    <td class="run-time">${moment(run)}</td>
    <td class="run-took number">${duration(seconds(run))}</td>
    <td class="run-acts">${STOPPABLE.includes(run.state) ? stopButton(run, acts) : nothing}</td>
  </tr>`;
}

/** A row may stand for many instants that did not run. */
function count(run) {
  if (run.due_count === 1) return nothing;
  const title = `From ${absolute(run.due_time)} to ${absolute(run.due_last)}`;
  return html` <span class="run-count" title=${title}>${run.due_count.toLocaleString("en")} times</span>`;
}

function moment(run) {
  const late = lateness(run);
  return html`${when(run.started_time ?? run.scheduled_time)}${late ? html` <span class="fact-note">${late}</span>` : nothing}`;
}

function stopButton(run, acts) {
  return html`<button type="button" class="btn btn-sm btn-icon" title="Stop" aria-label="Stop ${run.job.name}"
    @click=${() => acts.stop(run)}>${icon("stop-fill")}</button>`;
}
