/** One job: when it runs and ran, what it runs and by which rules, and who changed it. */

import { ApiError, get } from "../../api.js";
import { html } from "../../lib.js";
import { go } from "../../router.js";
import { emptyState } from "../../ui/empty.js";
import { icon } from "../../ui/icon.js";
import { trend } from "../../ui/trend.js";
import { BaseView } from "../base.js";
import { head } from "./one/head.js";
import { history } from "./one/history.js";
import { linked, links } from "./one/links.js";
import { rules } from "./one/rules.js";
import { runs } from "./one/runs.js";
import { what } from "./one/what.js";
import { instants } from "./one/when.js";

const EVER = "1970-01-01";

export default class JobView extends BaseView {
  get title() {
    return this.data?.job.name ?? "Job";
  }

  async load(signal) {
    const job_id = this.params.id;
    const ask = (path, parameters) => get(path, parameters, { signal });
    const past = { job_id, time_range_start: EVER, limit: 10 };
    const [job, preview, executions, statistics, logs, chain] = await Promise.all([
      ask(`/jobs/${job_id}`, { include: "last,runs" }),
      ask(`/jobs/${job_id}/preview`, { count: 10 }),
      ask("/executions", past),
      ask(`/jobs/${job_id}/statistics`),
      ask("/logs", past),
      linked(job_id, ask),
    ]);
    return { job, next: preview.next, executions: executions.executions, statistics, logs: logs.logs, chain };
  }

  concerns(event, { job_id } = {}) {
    return (["execution", "job"].includes(event) && job_id === this.params.id) || event === "hold";
  }

  get isGone() {
    return this.error instanceof ApiError && this.error.status === 404;
  }

  stale() {
    return this.isGone ? gone(this.data.job) : super.stale();
  }

  failed() {
    return this.isGone ? unknown(this.params.id) : super.failed();
  }

  content({ job, next, executions, statistics, logs, chain }) {
    const after = () => this.reload();
    return html`${head(job, { after, deleted: () => go("/jobs"), isGone: this.isGone })}
      <div class="job-columns">
        <div>${runs(job, executions)}${durations(statistics, job)}${history(logs)}</div>
        <div>${instants(job, next)}${what(job)}${links(chain)}${rules(job)}</div>
      </div>`;
  }
}

function durations(statistics, job) {
  return html`<section class="panel" aria-labelledby="job-durations">
    <h2 id="job-durations">Durations</h2>${trend(statistics, { jobZone: job.timezone })}
  </section>`;
}

/** It was there a moment ago. */
function gone(job) {
  return html`<div class="alert alert-danger d-flex flex-wrap gap-2 align-items-center" role="alert">
    <span class="flex-grow-1">${icon("trash")} <strong>This job was deleted.</strong> What is shown is as it was before.</span>
    <a class="btn btn-sm btn-outline-secondary" href="/executions?job_id=${job.job_id}&range=all">Its executions</a>
    <a class="btn btn-sm btn-outline-secondary" href="/logs?job_id=${job.job_id}&range=all">Who deleted it</a>
    <a class="btn btn-sm btn-outline-secondary" href="/jobs">All jobs</a>
  </div>`;
}

function unknown(id) {
  return emptyState("question-circle", "There is no such job (any more)", html`If it was deleted, its
    <a href="/executions?job_id=${id}&range=all">executions</a> are still there, and the <a href="/logs?job_id=${id}&range=all">audit log</a>
    tells by whom.`, html`<a class="btn btn-primary" href="/jobs">All jobs</a>`);
}

