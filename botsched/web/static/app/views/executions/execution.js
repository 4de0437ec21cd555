/** One execution: its fate, what it told and printed, and what stands around it. */

import { get } from "../../api.js";
import { html, nothing } from "../../lib.js";
import { icon } from "../../ui/icon.js";
import { STATES, stateBadge } from "../../ui/state.js";
import { BaseView } from "../base.js";
import { runAgain, stop } from "./acts.js";
import { downloads } from "./downloads.js";
import { facts } from "./facts.js";
import { mails } from "./mails.js";
import { plain } from "./output/ansi.js";
import { OutputViewer } from "./output/viewer.js";
import { progress } from "./progress.js";
import { chain, neighbours } from "./related.js";
import { report } from "./report.js";
import { why } from "./words.js";

const ACTIVE = ["scheduled", "running", "stopping"];
const TICK_MS = 1000;

export default class ExecutionView extends BaseView {
  get title() {
    return this.data ? `${this.data.job.name}: ${this.data.state}` : "Execution";
  }

  start() {
    this.counting = setInterval(() => this.isActive && !document.hidden && this.render(), TICK_MS);
    return super.start();
  }

  remove() {
    clearInterval(this.counting);
    this.output?.remove();
    return super.remove();
  }

  get isActive() {
    return ACTIVE.includes(this.data?.state);
  }

  async load(signal) {
    const data = await get(`/executions/${this.params.id}`, {}, { signal });
    const isGood = ["succeeded", "skipped", "missed"].includes(data.state);
    this.output ??= new OutputViewer({ id: data.execution_id, follows: !isGood });
    if (!ACTIVE.includes(data.state)) this.output.feed.soon();
    return data;
  }

  concerns(event, about) {
    return event === "execution" && [about.execution_id, about.job_id].some((id) => id === this.params.id || id === this.data?.job.job_id);
  }

  content(run) {
    return html`${this.head(run)}
      ${progress(run)}
      <div class="panel run-panel">${why(run) ? html`<p class="run-why">${why(run)}</p>` : nothing}${facts(run)}${chain(run)}</div>
      ${this.returned(run)}
      <h2 class="visually-hidden">Output</h2>
      ${this.printed(run)}
      ${mails(run.mails)}`;
  }

  head(run) {
    return html`<div class="page-head run-head mood-${STATES[run.state]?.mood ?? "quiet"}">
      <h1 class="page-title"><a href="/jobs/${run.job.job_id}">${run.job.name}</a></h1>
      <span class="run-state" role="status">${stateBadge(run.state)}</span>
      <div class="actions">
        ${neighbours(run)}
        ${this.isActive ? html`<button type="button" class="btn btn-sm btn-outline-danger" ?disabled=${run.state === "stopping"}
          @click=${() => stop(run, () => this.reload())}>${icon("stop-fill")} Stop</button>` : nothing}
        <button type="button" class="btn btn-sm btn-primary" @click=${runAgain(run)}>${icon("arrow-clockwise")} Run again</button>
      </div>
    </div>`;
  }

  /** What it returned, as a report or as a value. */
  returned(run) {
    const value = run.result_data;
    return html`
      ${run.report?.length ? html`<section class="panel"><div class="panel-head"><h2>Report</h2>${downloads(run)}</div>${report(run.report)}</section>` : nothing}
      ${value === null || value === undefined ? nothing : html`<section class="panel"><h2>Result</h2>
        <pre class="report-code run-result" tabindex="0"><code>${plain(typeof value === "string" ? value : JSON.stringify(value, null, 2))}</code></pre></section>`}`;
  }

  printed(run) {
    if (run.output_bytes || this.isActive) return this.output.el;
    return html`<p class="text-body-secondary">${run.started_time ? "It printed nothing." : "It never ran, and so it printed nothing."}</p>`;
  }
}
