/** What runs now, what failed, and what comes next. */

import { del, post } from "../../api.js";
import { html, nothing, repeat } from "../../lib.js";
import { go } from "../../router.js";
import { between, duration, when } from "../../time.js";
import { busily } from "../../ui/busy.js";
import { counted } from "../../ui/chart.js";
import { confirm } from "../../ui/dialog.js";
import { icon } from "../../ui/icon.js";
import { stateBadge } from "../../ui/state.js";
import { tell } from "../../ui/toast.js";
import { ACTIVE, executions, UNSUCCESSFUL } from "./addresses.js";

export function running({ running: runs, active }) {
  const waiting = active.scheduled;
  const more = active.running + active.stopping - runs.length;
  return html`<section class="panel" aria-labelledby="running-title">
    <h2 id="running-title">Running now</h2>
    ${runs.length ? html`<ul class="entries">${repeat(runs, (run) => run.execution_id, runningEntry)}</ul>`
      : html`<p class="text-body-secondary mb-0">Nothing runs at the moment.</p>`}
    ${more > 0 || waiting ? html`<p class="note"><a href=${executions({ state: ACTIVE })}>${more > 0 ? `${more} more run` : nothing}${more > 0 && waiting ? ", " : nothing}${waiting ? `${waiting} waiting for their turn` : nothing}</a></p>` : nothing}
  </section>`;
}

function runningEntry(run) {
  const elapsed = duration(Math.round(between(run.started_time, null) ?? 0));
  return html`<li class="entry">
    <div class="entry-main">
      <a class="entry-name" href="/executions/${run.execution_id}">${run.name}</a>
      <div class="entry-facts">${stateBadge(run.state)}<span>for ${elapsed}${run.attempt > 1 ? `, attempt ${run.attempt}` : ""}${run.user ? `, asked for by ${run.user}` : ""}</span></div>
      ${progress(run)}
    </div>
    <button type="button" class="btn btn-sm btn-outline-danger" ?disabled=${run.state === "stopping"} aria-label="Stop ${run.name}"
      @click=${busily(() => stop(run))}>${icon("stop-fill")} Stop</button>
  </li>`;
}

function progress(run) {
  if (run.progress === null && !run.progress_text) return nothing;
  const share = run.progress === null ? "" : `${Math.round(run.progress * 100)} %`;
  return html`<div class="progress-line">
    ${run.progress === null ? nothing : html`<progress max="1" .value=${run.progress} aria-label="Progress of ${run.name}"></progress>`}
    <span class="text-body-secondary">${[share, run.progress_text].filter(Boolean).join(" · ")}</span>
  </div>`;
}

async function stop(run) {
  const sure = await confirm({ title: `Stop ${run.name}?`, body: "All that it started ends with it. What it has done so far stays.", action: "Stop" });
  if (!sure) return;
  await del(`/executions/${run.execution_id}`);
  tell(`${run.name} is being stopped.`);
}

export function failures({ failures: jobs, failed_jobs: number }) {
  return html`<section class="panel" aria-labelledby="failed-title">
    <h2 id="failed-title">Failed since yesterday${number ? html` <span class="fw-normal text-body-secondary">${counted(number, "job")}</span>` : nothing}</h2>
    ${jobs.length ? html`<ul class="entries">${repeat(stillFailingFirst(jobs), (job) => job.job_id, failureEntry)}</ul>`
      : html`<p class="text-body-secondary mb-0">No job failed in the last 24 hours.</p>`}
    ${number > jobs.length ? html`<p class="note"><a href=${executions({ state: UNSUCCESSFUL })}>${counted(number - jobs.length, "more job")} failed</a></p>` : nothing}
  </section>`;
}

function stillFailingFirst(jobs) {
  return [...jobs.filter((job) => job.in_a_row), ...jobs.filter((job) => !job.in_a_row)];
}

function failureEntry(job) {
  return html`<li class="entry">
    <div class="entry-main">
      <a class="entry-name" href="/executions/${job.execution_id}" aria-label="${job.name}: the last failure and its output">${job.name}</a>
      <div class="entry-facts">${stateBadge(job.state)}${when(job.ended_time)}<span aria-hidden="true">·</span>${row(job)}</div>
      <div class="entry-why" title=${job.description}>${job.description}</div>
    </div>
    ${job.exists ? html`<button type="button" class="btn btn-sm btn-outline-secondary" aria-label="Run ${job.name} again" @click=${busily(() => again(job))}>${icon("play-fill")} Run</button>`
      : html`<span class="text-body-secondary">deleted</span>`}
  </li>`;
}

/** How it stands: failing, or well again. */
function row({ in_a_row: number, failures }) {
  if (number === 0) return html`<span class="mood-good recovered">${icon("check-circle-fill")} well again</span>`;
  if (number > 1) return html`<strong>${number === 100 ? "100 or more" : number} in a row</strong>`;
  return failures > 1 ? html`<span>${failures} in 24 hours</span>` : html`<span>the first time</span>`;
}

async function again(job) {
  const { execution_id: id } = await post(`/jobs/${job.job_id}/run`);
  tell(`${job.name} runs again.`, { label: "Show", run: () => go(`/executions/${id}`) });
}

export function upcoming({ next: jobs }) {
  return html`<section class="panel" aria-labelledby="next-title">
    <h2 id="next-title">Next</h2>
    ${jobs.length ? html`<ol class="entries">${repeat(jobs, (job) => job.job_id, nextEntry)}</ol>`
      : html`<p class="text-body-secondary mb-0">No job is due: all are paused, held or over. <a href="/jobs">Look at the jobs</a>.</p>`}
  </section>`;
}

function nextEntry(job) {
  return html`<li class="entry entry-next">
    <a class="entry-name" href="/jobs/${job.job_id}" title=${job.schedule}>${job.name}</a>
    <span class="entry-when">${when(job.next_run_time)}</span>
  </li>`;
}
