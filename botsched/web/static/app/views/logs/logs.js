/** The audit log: who did what, when, and what it was before. */

import { get } from "../../api.js";
import { _, html, nothing, repeat } from "../../lib.js";
import { absolute, when } from "../../time.js";
import { emptyState } from "../../ui/empty.js";
import { icon } from "../../ui/icon.js";
import { pager } from "../../ui/pager.js";
import { addressWith, setQuery } from "../../ui/query.js";
import { rangeFields, timesOf } from "../../ui/range.js";
import { BaseView } from "../base.js";
import { changesTable, folded } from "./changes.js";
import { EVENTS, remark, subject, telling } from "./words.js";

const PAGE = 100;
const USUAL = "7d";
const TYPING_MS = 300;
const SEARCH_MS = 2000;

export default class LogsView extends BaseView {
  constructor(options) {
    super(options);
    this.typed = _.debounce((changes) => setQuery(changes), TYPING_MS);
  }

  get title() {
    return "Logs";
  }

  remove() {
    this.typed.cancel();
    return super.remove();
  }

  /** Pages of a search may be short or empty; the next ones are asked for, for a while. */
  async load(signal) {
    const chosen = Object.fromEntries(["text", "user", "event", "job_id"].map((name) => [name, this.query.get(name)]));
    const end = performance.now() + SEARCH_MS;
    let [logs, cursor] = [[], this.query.get("cursor")];
    do {
      const page = await get("/logs", { ...timesOf(this.query, USUAL), ...chosen, cursor, limit: PAGE - logs.length }, { signal });
      logs = logs.concat(page.logs);
      cursor = page.next_cursor;
    } while (cursor && logs.length < PAGE && performance.now() < end);
    return { logs, next: cursor };
  }

  concerns(event) {
    return event === "log" && !this.query.has("cursor");
  }

  content({ logs, next }) {
    return html`<div class="page-head"><h1 class="page-title">${this.title}</h1></div>
      ${this.filters(logs)}
      ${logs.length ? html`<ol class="panel logs">${repeat(logs, keyOf, (log) => this.entry(log))}</ol>` : this.none(next)}
      ${pager({ query: this.query, next, words: wordsOf(logs, next) })}`;
  }

  filters(logs) {
    const job = this.query.get("job_id");
    return html`<form class="filters log-filters" role="search" aria-label="Filter the log" @submit=${(event) => event.preventDefault()}>
      <input type="search" class="form-control form-control-sm" data-search aria-label="Search" placeholder="Job, user or words"
        .value=${this.query.get("text") ?? ""} @input=${(event) => this.typed({ text: event.target.value })}>
      ${this.eventField()}
      <input type="text" class="form-control form-control-sm log-user-field" aria-label="User" placeholder="User"
        .value=${this.query.get("user") ?? ""} @input=${(event) => this.typed({ user: event.target.value.trim() })}>
      ${rangeFields(this.query, USUAL)}
      ${job ? html`<span class="filter-chip">Job: ${logs[0]?.job_name ?? job}
        <button type="button" class="btn btn-sm btn-icon" aria-label="Take this filter away" @click=${() => setQuery({ job_id: "" })}>${icon("x-lg")}</button></span>` : nothing}
    </form>`;
  }

  eventField() {
    const chosen = this.query.get("event") ?? "";
    return html`<select class="form-select form-select-sm" aria-label="What was done" @change=${(event) => setQuery({ event: event.target.value })}>
      <option value="" ?selected=${!chosen}>Anything</option>
      ${Object.entries(EVENTS).map(([event, { words }]) => html`<option value=${event} ?selected=${event === chosen}>${words}</option>`)}
    </select>`;
  }

  entry(log) {
    const { words, icon: name } = EVENTS[log.event] ?? { words: log.event, icon: "info-circle" };
    return html`<li class="log">
      <span class="log-icon">${icon(name)}</span>
      <div class="log-body">
        <div><a class="log-user" href=${addressWith({ user: log.user })} title="All that ${log.user} did">${log.user}</a>
          ${words} ${subject(log)}${this.onlyJob(log)}</div>
        ${folded(remark(log))}
        ${telling(log).length ? changesTable(telling(log)) : nothing}
      </div>
      <span class="log-time">${when(log.created_time, { relative: false })}</span>
    </li>`;
  }

  onlyJob({ job_id: id, job_name: name }) {
    if (!id || this.query.get("job_id") === id) return nothing;
    return html` <a class="log-only" href=${addressWith({ job_id: id })} title="All about this job" aria-label="All about ${name}">${icon("funnel")}</a>`;
  }

  none(next) {
    if (next) {
      return emptyState("search", "Nothing found yet", "The search has not come to the end of the time asked for.",
        html`<button type="button" class="btn btn-primary" @click=${() => setQuery({ cursor: next }, { keepCursor: true })}>Search further back</button>`);
    }
    if (location.search) {
      return emptyState("funnel", "Nothing fits", "Take a filter away, or ask for a longer time.",
        html`<a class="btn btn-primary" href="/logs">Without filters</a>`);
    }
    return emptyState("journal-text", "Nobody did anything in the last 7 days",
      "Each login and each change of a job, a file or the hold leaves a line here: who, when, and what it was before.");
  }
}

function keyOf(log) {
  return `${log.created_time} ${log.event} ${log.job_id} ${log.description}`;
}

function wordsOf(logs, next) {
  if (!logs.length) return "";
  return next ? `${logs.length} shown, back to ${absolute(logs.at(-1).created_time)}` : `${logs.length} shown, all there are`;
}
