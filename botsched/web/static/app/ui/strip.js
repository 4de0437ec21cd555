/** The last runs of a job as a strip of small marks, the newest at the right. */

import { html, repeat } from "../lib.js";
import { absolute, duration } from "../time.js";
import { moodOf } from "./state.js";

/**
 * `runs`: the newest first, each with `execution_id state time duration`. One stop for the Tab
 * key; the arrows go along it.
 */
export function strip(runs, { jobZone } = {}) {
  const ordered = [...runs].reverse();
  return html`<span class="strip" role="group" aria-label="Last runs" @keydown=${along}>
    ${repeat(ordered, (run) => run.execution_id, (run) => mark(run, jobZone, run === runs[0]))}
  </span>`;
}

function mark(run, jobZone, reachable) {
  const took = run.duration === null || run.duration === undefined ? "" : `, ${duration(run.duration)}`;
  const label = `${run.state}, ${absolute(run.time, { jobZone })}${took}`;
  return html`<a class="mark mood-${moodOf(run.state)} is-${run.state.replace(" ", "-")}" href="/executions/${run.execution_id}"
    title=${label} aria-label=${label} tabindex=${reachable ? 0 : -1}></a>`;
}

function along(event) {
  const { target } = event;
  const next = { ArrowLeft: target.previousElementSibling, ArrowRight: target.nextElementSibling }[event.key];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
