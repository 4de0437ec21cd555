/** The last runs of a job as a strip of small marks, the newest at the right. */

import { html, repeat } from "../lib.js";
import { absolute, duration } from "../time.js";
import { moodOf } from "./state.js";

/** `runs`: the newest first, each with `execution_id state time duration`. */
export function strip(runs, { jobZone } = {}) {
  const ordered = [...runs].reverse();
  return html`<span class="strip" role="group" aria-label="Last runs">
    ${repeat(ordered, (run) => run.execution_id, (run) => mark(run, jobZone))}
  </span>`;
}

function mark(run, jobZone) {
  const took = run.duration === null || run.duration === undefined ? "" : `, ${duration(run.duration)}`;
  const label = `${run.state}, ${absolute(run.time, { jobZone })}${took}`;
  return html`<a class="mark mood-${moodOf(run.state)} is-${run.state.replace(" ", "-")}" href="/executions/${run.execution_id}"
    title=${label} aria-label=${label}></a>`;
}
