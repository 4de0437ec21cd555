/** The name of a job, how it stands, and what can be done to it. */

import { html, nothing } from "../../../lib.js";
import { busily } from "../../../ui/busy.js";
import { icon } from "../../../ui/icon.js";
import { pause, pauseUntil, remove, resume, run, runChanged } from "../acts.js";
import { managed, tags } from "../parts.js";

/** `after()` when something changed, `deleted()` when it was deleted here. */
export function head(job, { after, deleted, isGone }) {
  return html`<div class="page-head">
      <h1 class="page-title">${job.name}</h1>
      ${job.paused ? html`<span class="state mood-warn job-paused">${icon("pause-circle")}paused</span>` : nothing}
      ${managed(job)}
      ${isGone ? nothing : actions(job, after, deleted)}
    </div>
    ${job.tags.length || job.notes ? html`<div class="job-about">
      ${job.notes ? html`<p class="job-notes">${job.notes}</p>` : nothing}
      ${job.tags.length ? html`<div class="job-tags">${icon("tag")}${tags(job)}</div>` : nothing}
    </div>` : nothing}`;
}

function actions(job, after, deleted) {
  return html`<div class="actions">
    <button type="button" class="btn btn-sm btn-primary" @click=${busily(() => run(job).then(after))}>${icon("play-fill")} Run now</button>
    ${job.paused
      ? html`<button type="button" class="btn btn-sm btn-outline-secondary" @click=${busily(() => resume(job).then(after))}>${icon("arrow-counterclockwise")} Resume</button>`
      : html`<button type="button" class="btn btn-sm btn-outline-secondary" @click=${busily(() => pause(job, null, after).then(after))}>${icon("pause-fill")} Pause</button>`}
    <a class="btn btn-sm btn-outline-secondary" href="/jobs/${job.job_id}/edit">${icon("pencil")} Edit</a>
    <div class="dropdown">
      <button type="button" class="btn btn-sm btn-outline-secondary" data-bs-toggle="dropdown" aria-expanded="false"
        aria-label="More for ${job.name}">${icon("three-dots")}</button>
      <div class="dropdown-menu dropdown-menu-end">
        <button type="button" class="dropdown-item" @click=${busily(() => runChanged(job).then(after))}>${icon("sliders")} Run with other arguments…</button>
        <a class="dropdown-item" href="/jobs/new?copy=${job.job_id}">${icon("copy")} Duplicate</a>
        <button type="button" class="dropdown-item" @click=${busily(() => pauseUntil(job, after).then(after))}>${icon("pause-circle")} Pause until…</button>
        <button type="button" class="dropdown-item text-danger-emphasis"
          @click=${busily(async () => (await remove(job)) && deleted())}>${icon("trash")} Delete…</button>
      </div>
    </div>
  </div>`;
}
