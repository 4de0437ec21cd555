/** All executions, as they come. */

import { get } from "../../api.js";
import { _, html, nothing, repeat } from "../../lib.js";
import { absolute } from "../../time.js";
import { emptyState } from "../../ui/empty.js";
import { icon } from "../../ui/icon.js";
import { pager } from "../../ui/pager.js";
import { setQuery } from "../../ui/query.js";
import { BaseView } from "../base.js";
import { stop } from "./acts.js";
import { filters, isFiltered, wanted } from "./filters.js";
import { listed } from "./listed.js";

const PAGE = 50;
const SEARCH_MS = 2000;
const NEAR_TOP = 200; // pixels: who has scrolled further is reading
const TICK_MS = 1000;

export default class ExecutionsView extends BaseView {
  constructor(options) {
    super(options);
    this.news = 0;
    this.typed = _.debounce((text) => setQuery({ text }), 300);
  }

  get title() {
    return "Executions";
  }

  start() {
    this.counting = setInterval(() => this.hasRunning && !document.hidden && this.render(), TICK_MS);
    return super.start();
  }

  remove() {
    clearInterval(this.counting);
    this.typed.cancel();
    return super.remove();
  }

  get hasRunning() {
    return this.data?.executions.some(({ state }) => state === "running" || state === "stopping");
  }

  queried(query) {
    this.news = 0;
    return super.queried(query);
  }

  /** Pages of a search may be short or empty; the next ones are asked for, for a while. */
  async load(signal) {
    const parameters = { ...wanted(this.query), results: false, limit: PAGE, cursor: this.query.get("cursor") };
    const end = performance.now() + SEARCH_MS;
    let executions = [];
    let cursor = parameters.cursor;
    do {
      const page = await get("/executions", { ...parameters, cursor, limit: PAGE - executions.length }, { signal });
      executions = executions.concat(page.executions);
      cursor = page.next_cursor;
    } while (cursor && executions.length < PAGE && performance.now() < end);
    this.news = 0;
    return { executions, next: cursor };
  }

  concerns(event, { job_id: job, execution_id: id } = {}) {
    if (event !== "execution") return false;
    const only = this.query.get("job_id");
    if (only && job && only !== job) return false;
    if (!this.isReading) return true;
    if (!this.data?.executions.some((run) => run.execution_id === id)) this.news += 1;
    this.render();
    return false;
  }

  /** Who has paged or scrolled away is not to lose the place. */
  get isReading() {
    return this.query.has("cursor") || window.scrollY > NEAR_TOP;
  }

  content({ executions, next }) {
    return html`
      <div class="page-head"><h1 class="page-title">${this.title}</h1></div>
      ${filters(this.query, { typed: this.typed, jobName: executions[0]?.job.name })}
      <div class="runs-news" role="status">${this.news ? this.newest() : nothing}</div>
      ${executions.length ? this.table(executions) : this.nothingFound(next)}
      ${pager({ query: this.query, next, words: this.words(executions, next) })}`;
  }

  newest() {
    return html`<button type="button" class="btn btn-sm btn-primary" @click=${() => this.toNewest()}>
      ${icon("arrow-up")} ${this.news} more ${this.news === 1 ? "change" : "changes"}</button>`;
  }

  toNewest() {
    window.scrollTo(0, 0);
    if (this.query.has("cursor")) setQuery({ cursor: "" }, { replace: false });
    else this.reload();
  }

  table(executions) {
    const acts = { stop: (run) => stop(run, () => this.reload()) };
    return html`<div class="panel"><table class="table runs">
      <thead><tr><th scope="col">State</th><th scope="col">Job</th><th scope="col">Why</th><th scope="col">Asked for</th>
        <th scope="col">When</th><th scope="col" class="number">Took</th><th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>
      <tbody>${repeat(executions, (run) => run.execution_id, (run) => listed(run, acts))}</tbody>
    </table></div>`;
  }

  words(executions, next) {
    if (!executions.length) return "";
    const last = executions.at(-1);
    return next ? `${executions.length} shown, back to ${absolute(last.updated_time)}` : `${executions.length} shown, all there are`;
  }

  nothingFound(next) {
    if (next) {
      return emptyState("search", "Nothing found yet", "The search has not come to the end of the time asked for.",
        html`<button type="button" class="btn btn-primary" @click=${() => setQuery({ cursor: next }, { keepCursor: true })}>Search further back</button>`);
    }
    if (isFiltered(this.query)) {
      return emptyState("funnel", "No execution fits", "Take a filter away, or ask for a longer time.",
        html`<a class="btn btn-primary" href="/executions">Without filters</a>`);
    }
    return emptyState("list-check", "Nothing ran in the last 24 hours",
      "Each due instant of a job leaves a row here, whether it ran or not, and says why. Run a job by hand, or ask for a longer time.",
      html`<a class="btn btn-primary" href="/jobs">To the jobs</a>`);
  }
}
