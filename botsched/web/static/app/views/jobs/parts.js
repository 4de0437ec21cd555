/** Pieces that the list of jobs and the page of one job share. */

import { html, nothing } from "../../lib.js";
import { duration, now, timeOfDay, when } from "../../time.js";
import { icon } from "../../ui/icon.js";
import { stateBadge } from "../../ui/state.js";

const OPEN = new Set(["running", "stopping"]);

/** The class without its folder and module. */
export function shortClass(name) {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** The schedule in words, without its zone, which is told beside them. */
export function scheduleWords(job) {
  return job.schedule.replace(` (${job.timezone})`, "");
}

/** The zone of the schedule, and what the clock says there now. */
export function clockOf(job) {
  const time = timeOfDay(now(), job.timezone);
  return html`<span class="nowrap" title="Now it is ${time} in ${job.timezone}">${job.timezone} · ${time}</span>`;
}

/** When it runs next, or why it does not. */
export function nextRun(job) {
  if (job.paused) {
    const until = job.paused_until ? html` until ${when(job.paused_until, { jobZone: job.timezone, relative: false, seconds: false })}` : nothing;
    return html`<span class="state mood-warn">${icon("pause-circle")}paused</span>${until}`;
  }
  if (job.next_run_time) return when(job.next_run_time, { jobZone: job.timezone });
  return html`<span class="text-body-secondary">not any more, or held</span>`;
}

/** The run that goes on, or the last outcome. */
export function lastRun(job) {
  const running = job.runs?.find((run) => OPEN.has(run.state));
  if (running) return html`<a href="/executions/${running.execution_id}">${stateBadge(running.state)}</a>`;
  if (!job.last) return html`<span class="text-body-secondary">never ran</span>`;
  const { execution_id, state, time, duration: seconds } = job.last;
  return html`<a href="/executions/${execution_id}">${stateBadge(state)}</a>
    <span class="sub">${when(time, { jobZone: job.timezone })}${seconds === null ? "" : ` · ${duration(seconds)}`}</span>`;
}

/** Tags; each leads to the jobs that bear it. */
export function tags(job) {
  return job.tags.map((tag) => html`<a class="tag" href="/jobs?tag=${encodeURIComponent(tag)}">${tag}</a>`);
}

/** The set of files that says what a job is; it leads to the jobs that the set manages. */
export function managed({ managed_by: set }) {
  return set ? html`<a class="tag tag-managed" href="/jobs?managed_by=${encodeURIComponent(set)}"
    title="Files say what this job is: the set ${set}. The next apply undoes changes that are made here.">${icon("folder")} managed by ${set}</a>` : nothing;
}
