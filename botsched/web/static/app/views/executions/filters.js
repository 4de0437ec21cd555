/** Which executions are listed: all of it stands in the address. */

import { html, nothing } from "../../lib.js";
import { now } from "../../time.js";
import { icon } from "../../ui/icon.js";
import { setQuery } from "../../ui/query.js";

const STATES = [
  ["", "Any state"],
  ["scheduled,running,stopping", "Active"],
  ["failed,timeout,scheduled error,lost", "Unsuccessful"],
  ["succeeded", "Succeeded"],
  ["missed,skipped", "Not run"],
  ["stopped", "Stopped"],
];
const SINGLE = ["scheduled", "running", "stopping", "failed", "timeout", "scheduled error", "lost", "missed", "skipped"];
const RANGES = [["1h", "Last hour"], ["", "Last 24 hours"], ["7d", "Last 7 days"], ["30d", "Last 30 days"], ["all", "Any time"], ["own", "From … to …"]];
const HOURS = { "1h": 1, "7d": 168, "30d": 720 };
const ORIGINS = [["", "By anyone"], ["true", "By hand"], ["false", "By schedule"]];
const LENGTHS = [["", "Any duration"], ["10", "Over 10 s"], ["60", "Over 1 min"], ["600", "Over 10 min"], ["3600", "Over 1 h"]];
const NAMES = ["state", "text", "range", "from", "to", "job_id", "manual", "longer_than", "cause", "user"];

/** Parameters of the REST API, by the address of the page. */
export function wanted(query) {
  const given = Object.fromEntries(["state", "text", "job_id", "manual", "longer_than", "cause", "user"].map((name) => [name, query.get(name)]));
  return { ...given, ...times(query) };
}

export function isFiltered(query) {
  return NAMES.some((name) => query.has(name));
}

function times(query) {
  const range = query.get("range");
  if (range === "all") return { time_range_start: "1970-01-01" };
  if (range === "own") return { time_range_start: moment(query.get("from")) ?? "1970-01-01", time_range_end: moment(query.get("to")) };
  const hours = HOURS[range] ?? 24;
  return { time_range_start: new Date(now() - hours * 3_600_000).toISOString() };
}

/** What a field for date and time gives, which is on the viewer's clock. */
function moment(text) {
  const at = text ? new Date(text) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}

/** `typed(text)` is called as somebody types; `jobName` names the only job, if there is one. */
export function filters(query, { typed, jobName }) {
  return html`<form class="filters runs-filters" role="search" aria-label="Filter executions" @submit=${(event) => event.preventDefault()}>
    <input type="search" class="form-control form-control-sm" placeholder="Job, class, argument or reason" aria-label="Search" data-search
      maxlength="200" .value=${query.get("text") ?? ""} @input=${(event) => typed(event.target.value)}>
    ${choice(query, "state", "State", states(query.get("state") ?? ""))}
    ${choice(query, "range", "Time", RANGES)}
    ${query.get("range") === "own" ? [bound(query, "from", "From"), bound(query, "to", "To")] : nothing}
    ${choice(query, "manual", "Asked for", ORIGINS)}
    ${choice(query, "longer_than", "Duration", LENGTHS)}
    ${query.has("job_id") ? chip("job_id", html`Job: ${jobName ?? query.get("job_id")}`) : nothing}
    ${query.has("cause") ? chip("cause", html`Cause: ${query.get("cause")}`) : nothing}
    ${query.has("user") ? chip("user", html`By: ${query.get("user")}`) : nothing}
  </form>`;
}

function states(chosen) {
  const all = [...STATES, ...SINGLE.map((state) => [state, state[0].toUpperCase() + state.slice(1)])];
  return all.some(([value]) => value === chosen) ? all : [...all, [chosen, chosen]];
}

function choice(query, name, label, options) {
  const chosen = query.get(name) ?? "";
  return html`<select class="form-select form-select-sm" aria-label=${label} @change=${(event) => setQuery({ [name]: event.target.value })}>
    ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
  </select>`;
}

function bound(query, name, label) {
  return html`<input type="datetime-local" class="form-control form-control-sm" aria-label=${label} .value=${query.get(name) ?? ""}
    @change=${(event) => setQuery({ [name]: event.target.value })}>`;
}

function chip(name, words) {
  return html`<span class="filter-chip">${words}
    <button type="button" class="btn btn-sm btn-icon" aria-label="Take this filter away" @click=${() => setQuery({ [name]: "" })}>${icon("x-lg")}</button>
  </span>`;
}
