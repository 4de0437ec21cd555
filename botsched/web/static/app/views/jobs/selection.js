/** Jobs that were ticked, on this page of the list or on others, and what is done to all of them. */

import { get, post } from "../../api.js";
import { html, nothing } from "../../lib.js";
import { busily } from "../../ui/busy.js";
import { confirm } from "../../ui/dialog.js";
import { icon } from "../../ui/icon.js";
import { count } from "../../ui/pages.js";
import { complain, tell } from "../../ui/toast.js";
import { askUntil } from "./pausing.js";

const AT_ONCE = 100; // jobs of one request: progress is seen between them
const FETCHED = 1000;
const NAMED = 8;

const DONE = { pause: "paused", resume: "resumed", run: "started", delete: "deleted" };

/** Ids with names, so that a question can name what it is about. `changed()` after each change. */
export class Selection {
  constructor(changed) {
    this.names = new Map();
    this.changed = changed;
    this.progress = null;
  }

  has(job) {
    return this.names.has(job.job_id);
  }

  put(jobs, selected) {
    for (const job of jobs) {
      if (selected) this.names.set(job.job_id, job.name);
      else this.names.delete(job.job_id);
    }
    this.changed();
  }

  clear() {
    this.names.clear();
    this.changed();
  }

  /** Select all that the parameters of a list match. */
  async putAll(parameters) {
    let cursor = "";
    do {
      const answer = await get("/jobs", { ...parameters, limit: FETCHED, cursor });
      this.put(answer.jobs, true);
      cursor = answer.next_cursor;
    } while (cursor);
  }

  /** Do it to all; what was refused stays selected, and why is told. */
  async act(action, more = {}) {
    const ids = [...this.names.keys()];
    const refused = [];
    let done = 0;
    try {
      for (let start = 0; start < ids.length; start += AT_ONCE) {
        this.note({ action, done: start, all: ids.length });
        const answer = await post("/jobs/bulk", { action, job_ids: ids.slice(start, start + AT_ONCE), ...more });
        for (const result of answer.results) {
          if (result.done) this.names.delete(result.job_id);
          else refused.push(result);
        }
        done += answer.done;
      }
    } finally {
      this.note(null);
    }
    report(action, done, refused);
  }

  note(progress) {
    this.progress = progress;
    this.changed();
  }
}

function report(action, done, refused) {
  if (done) tell(`${jobs(done)} ${done === 1 ? "was" : "were"} ${DONE[action]}.`);
  if (!refused.length) return;
  const why = [...new Set(refused.map((each) => each.error))].slice(0, 3).join("\n");
  complain(`${jobs(refused.length)} could not be ${DONE[action]}, and ${refused.length === 1 ? "stays" : "stay"} selected:\n${why}`);
}

function jobs(number) {
  return number === 1 ? "1 job" : `${count(number)} jobs`;
}

/** The bar that is there while jobs are selected; `matching` are the parameters of the list. */
export function bulkBar({ selection, shown, total, matching, after }) {
  const chosen = selection.names.size;
  if (!chosen) return nothing;
  const act = (work) => busily(() => work().finally(after));
  return html`<section class="bulk-bar" aria-label="Selected jobs">
    <strong class="bulk-count" role="status">${count(chosen)} selected</strong>
    ${selection.progress ? progressBar(selection.progress) : html`
      ${chosen < total && chosen >= shown
        ? html`<button type="button" class="btn btn-sm btn-link" @click=${busily(() => selection.putAll(matching))}>Select all ${count(total)}</button>` : nothing}
      <span class="bulk-acts">
        ${button("play-fill", "Run now", act(() => runAll(selection)))}
        ${button("pause-fill", "Pause…", act(() => pauseAll(selection)))}
        ${button("arrow-counterclockwise", "Resume", act(() => selection.act("resume")))}
        ${button("trash", "Delete…", act(() => deleteAll(selection)), "btn-outline-danger")}
        <button type="button" class="btn btn-sm btn-icon" aria-label="Select nothing" title="Select nothing"
          @click=${() => selection.clear()}>${icon("x-lg")}</button>
      </span>`}
  </section>`;
}

function button(name, label, work, look = "btn-outline-secondary") {
  return html`<button type="button" class="btn btn-sm ${look}" @click=${work}>${icon(name)} ${label}</button>`;
}

function progressBar({ action, done, all }) {
  const words = `${count(done)} of ${count(all)} ${DONE[action]}`;
  return html`<span class="bulk-progress"><progress max=${all} value=${done} aria-label=${words}></progress> ${words}</span>`;
}

async function runAll(selection) {
  const number = selection.names.size;
  const sure = number === 1 || (await confirm({
    title: `Run ${jobs(number)} now?`,
    body: named(selection, "Each runs once, now, beside its schedule:"),
    action: `Run ${jobs(number)}`,
    danger: false,
  }));
  if (sure) await selection.act("run");
}

async function pauseAll(selection) {
  const until = await askUntil({ title: `Pause ${jobs(selection.names.size)}` });
  if (until !== undefined) await selection.act("pause", until ? { until } : {});
}

async function deleteAll(selection) {
  const words = jobs(selection.names.size);
  const sure = await confirm({
    title: `Delete ${words}?`,
    body: named(selection, "These will not run any more, and this cannot be undone. Their past executions stay."),
    action: `Delete ${words}`,
  });
  if (sure) await selection.act("delete");
}

function named(selection, words) {
  const names = [...selection.names.values()].sort((a, b) => a.localeCompare(b));
  const more = names.length - NAMED;
  return html`<p>${words}</p>
    <ul class="mb-0">${names.slice(0, NAMED).map((name) => html`<li>${name}</li>`)}
      ${more > 0 ? html`<li>and ${count(more)} more</li>` : nothing}</ul>`;
}
