/** All jobs: found, sorted, paged by the server; acted upon one by one or many at once. */

import { get } from "../../api.js";
import { html, nothing } from "../../lib.js";
import { emptyState } from "../../ui/empty.js";
import { icon } from "../../ui/icon.js";
import { pages } from "../../ui/pages.js";
import { BaseView } from "../base.js";
import { filters, NARROWING } from "./filters.js";
import { table } from "./rows.js";
import { bulkBar, Selection } from "./selection.js";

const SIZE = 50;

export default class JobsView extends BaseView {
  get title() {
    return "Jobs";
  }

  start() {
    this.selection = new Selection(() => this.render());
    this.known = { classes: [], tags: [] };
    return super.start();
  }

  get page() {
    return Math.max(1, Number.parseInt(this.query.get("page"), 10) || 1);
  }

  /** What the list is asked for, but for which part of it. */
  get matching() {
    return Object.fromEntries([...NARROWING, "sort"].map((name) => [name, this.query.get(name)]));
  }

  async load(signal) {
    const part = { limit: SIZE, offset: (this.page - 1) * SIZE, total: true, include: "last,runs" };
    const answer = await get("/jobs", { ...this.matching, ...part }, { signal });
    this.learn();
    return answer;
  }

  /** Tags and classes to choose from; the list does not wait for them. */
  async learn() {
    const [tags, classes] = await Promise.allSettled([get("/tags"), this.known.classes.length ? null : get("/classes")]);
    if (tags.value) this.known.tags = tags.value.tags.map((tag) => tag.name);
    if (classes.value) this.known.classes = classes.value.classes.map((each) => each.job_class_string).sort();
    this.render();
  }

  concerns(event, { job_id } = {}) {
    if (event === "execution") return Boolean(this.query.get("state")) || this.data?.jobs.some((job) => job.job_id === job_id);
    return event === "job" || event === "hold";
  }

  content({ jobs, total }) {
    const { query, selection } = this;
    const after = () => this.reload();
    return html`<div class="page-head">
        <h1 class="page-title">${this.title}</h1>
        <div class="actions"><a class="btn btn-sm btn-primary" href="/jobs/new">${icon("plus-lg")} New job</a></div>
      </div>
      ${filters(query, this.known)}
      ${jobs.length ? table({ jobs, query, selection, after }) : this.nothing(total)}
      ${total ? pages({ page: this.page, size: SIZE, total, what: total === 1 ? "job" : "jobs" }) : nothing}
      ${bulkBar({ selection, shown: jobs.length, total, matching: this.matching, after })}`;
  }

  nothing(total) {
    if (total) return emptyState("list-ul", "This page is behind the last job", html`Go back to <a href="/jobs">all jobs</a>.`);
    if (NARROWING.some((name) => this.query.get(name))) {
      return emptyState("search", "No job matches", html`Change what you look for, or show <a href="/jobs">all jobs</a>.`);
    }
    return emptyState(
      "calendar3",
      "There are no jobs yet",
      "A job says what runs, and when: a command, a check, or a class of your own.",
      html`<a class="btn btn-primary" href="/jobs/new">${icon("plus-lg")} Add the first job</a>`,
    );
  }
}
