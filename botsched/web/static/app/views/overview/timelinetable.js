/** The timeline for those who would rather read it, or hear it. */

import { html, nothing } from "../../lib.js";
import { absolute, when } from "../../time.js";
import { counted } from "../../ui/chart.js";
import { stateBadge } from "../../ui/state.js";

const BAD = ["failed", "timeout", "lost", "scheduled error"];

export function timelineTable(lanes, { from, to }) {
  return html`<table class="table table-sm timeline-table">
    <caption>From ${absolute(from, { seconds: false })} to ${absolute(to, { seconds: false })}</caption>
    <thead><tr><th scope="col">Job</th><th scope="col" class="number">Executions</th><th scope="col" class="number">Failed</th>
      <th scope="col">Last</th><th scope="col">Next</th><th scope="col" class="number">To come</th></tr></thead>
    <tbody>${lanes.map(({ lane }) => row(lane))}</tbody>
  </table>`;
}

function row(lane) {
  const [runs, failed, due] = [total(lane.past), lane.past.reduce((sum, mark) => sum + bad(mark), 0), total(lane.due)];
  return html`<tr>
    <th scope="row">${lane.exists ? html`<a href="/jobs/${lane.job_id}">${lane.name}</a>` : `${lane.name} (deleted)`}</th>
    <td class="number" data-label="executions">${runs.toLocaleString("en")}</td>
    <td class="number" data-label="failed">${failed ? html`<strong class="text-danger-emphasis">${failed.toLocaleString("en")}</strong>` : "0"}</td>
    <td data-label="last" class="wide">${lane.past.length ? last(lane.past.at(-1)) : "–"}</td>
    <td data-label="next">${lane.due.length ? when(lane.due[0].from) : lane.paused ? "paused" : "–"}</td>
    <td class="number" data-label="to come"><span aria-label=${counted(due, "instant")}>${due.toLocaleString("en")}</span></td>
  </tr>`;
}

function last(mark) {
  const state = Object.keys(mark.states).sort((one, other) => BAD.includes(other) - BAD.includes(one))[0];
  if (!state) return when(mark.to);
  return html`<a href="/executions/${mark.execution_id}">${stateBadge(state)}</a> ${mark.to ? when(mark.to) : nothing}`;
}

function total(marks) {
  return marks.reduce((sum, mark) => sum + mark.count, 0);
}

function bad(mark) {
  return BAD.reduce((sum, state) => sum + (mark.states[state] ?? 0), 0);
}
