/** The table of jobs; on a phone each row is a card. */

import { classMap, html, live, nothing, repeat } from "../../lib.js";
import { busily } from "../../ui/busy.js";
import { icon } from "../../ui/icon.js";
import { addressWith } from "../../ui/query.js";
import { moodOf } from "../../ui/state.js";
import { strip } from "../../ui/strip.js";
import { pause, pauseUntil, remove, resume, run, runChanged } from "./acts.js";
import { clockOf, lastRun, managed, nextRun, scheduleWords, shortClass, tags } from "./parts.js";

/** `selection` of the view, `after()` to be called when something was done. */
export function table({ jobs, query, selection, after }) {
  const sort = query.get("sort") || "name";
  const all = jobs.every((job) => selection.has(job));
  return html`<table class="table jobs-table">
    <thead><tr>
      <th class="job-check"><input class="form-check-input" type="checkbox" aria-label="Select all on this page"
        .checked=${live(all)} @change=${(event) => selection.put(jobs, event.target.checked)}></th>
      ${heading("name", "Name", sort, true)}
      <th scope="col">Schedule</th>
      ${heading("next_run", "Next run", sort)}
      ${heading("last_run", "Last run", sort)}
      <th scope="col">Last runs</th>
      <th scope="col" class="job-switch">Active</th>
      <th scope="col"><span class="visually-hidden">Actions</span></th>
    </tr></thead>
    <tbody>${repeat(jobs, (job) => job.job_id, (job) => row(job, selection, after))}</tbody>
  </table>`;
}

function heading(name, label, sort, withClass = false) {
  const direction = { [name]: "ascending", [`-${name}`]: "descending" }[sort] ?? "none";
  return html`<th scope="col" aria-sort=${direction}>${sorter(name, label, sort)}${withClass
    ? html` <span class="text-body-tertiary">·</span> ${sorter("class", "Class", sort)}` : nothing}</th>`;
}

function sorter(name, label, sort) {
  const up = sort === name;
  const next = up ? `-${name}` : name;
  const sign = up ? icon("chevron-up") : sort === `-${name}` ? icon("chevron-down") : nothing;
  return html`<a class="sorter" href=${addressWith({ sort: next === "name" ? "" : next, page: "" })}>${label} ${sign}</a>`;
}

function row(job, selection, after) {
  const mood = job.last ? `mood-${moodOf(job.last.state)}` : "mood-quiet";
  const classes = { [mood]: true, "is-paused": job.paused, "is-bad": mood === "mood-bad", "is-selected": selection.has(job) };
  return html`<tr class=${classMap(classes)}>
    <td class="job-check"><input class="form-check-input" type="checkbox" aria-label="Select ${job.name}"
      .checked=${live(selection.has(job))} @change=${(event) => selection.put([job], event.target.checked)}></td>
    <td class="job-name"><a class="job-link" href="/jobs/${job.job_id}">${job.name}</a>
      <span class="sub"><span title=${job.job_class_string}>${shortClass(job.job_class_string)}</span> ${tags(job)} ${managed(job)}</span></td>
    <td class="job-schedule">${scheduleWords(job)}<span class="sub">${clockOf(job)}</span></td>
    <td class="job-next"><span class="card-label">Next</span>${nextRun(job)}</td>
    <td class="job-last"><span class="card-label">Last</span>${lastRun(job)}</td>
    <td class="job-strip">${strip(job.runs, { jobZone: job.timezone })}</td>
    <td class="job-switch">${pauseSwitch(job, after)}</td>
    <td class="job-acts">
      <button type="button" class="btn btn-sm btn-icon" title="Run now" aria-label="Run ${job.name} now"
        @click=${busily(() => run(job).then(after))}>${icon("play-fill")}</button>
      ${moreActs(job, after)}
    </td>
  </tr>`;
}

/** On while it runs by its schedule. */
function pauseSwitch(job, after) {
  const change = busily(async (event) => {
    try {
      await (event.currentTarget.checked ? resume(job) : pause(job, null, after));
    } finally {
      after();
    }
  });
  return html`<span class="form-check form-switch"><input class="form-check-input" type="checkbox" role="switch"
    aria-label="${job.name} runs by its schedule" title=${job.paused ? "Resume" : "Pause"}
    .checked=${live(!job.paused)} @change=${change}></span>`;
}

function moreActs(job, after) {
  return html`<div class="dropdown">
    <button type="button" class="btn btn-sm btn-icon" data-bs-toggle="dropdown" aria-expanded="false"
      aria-label="More for ${job.name}">${icon("three-dots-vertical")}</button>
    <div class="dropdown-menu dropdown-menu-end">
      <button type="button" class="dropdown-item" @click=${busily(() => runChanged(job).then(after))}>${icon("sliders")} Run with other arguments…</button>
      <a class="dropdown-item" href="/jobs/${job.job_id}/edit">${icon("pencil")} Edit</a>
      <a class="dropdown-item" href="/jobs/new?copy=${job.job_id}">${icon("copy")} Duplicate</a>
      <button type="button" class="dropdown-item" @click=${busily(() => pauseUntil(job, after).then(after))}>${icon("pause-circle")} Pause until…</button>
      <a class="dropdown-item" href="/executions?job_id=${job.job_id}&range=all">${icon("list-check")} Executions</a>
      <button type="button" class="dropdown-item text-danger-emphasis" @click=${busily(() => remove(job).then(after))}>${icon("trash")} Delete…</button>
    </div>
  </div>`;
}
