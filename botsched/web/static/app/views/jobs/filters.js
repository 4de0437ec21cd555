/** What is looked for in the list of jobs; all of it stands in the address. */

import { _, html, live, nothing } from "../../lib.js";
import { setQuery } from "../../ui/query.js";
import { shortClass } from "./parts.js";

const TYPING_MS = 250;

const STATES = {
  active: "Active",
  paused: "Paused",
  running: "Running now",
  failing: "Failing",
  succeeding: "Succeeding",
  never_ran: "Never ran",
  over: "Never due again",
};

/** By the name of the server's parameter; on a phone they are a field to choose from. */
const SORTS = {
  name: "Name",
  class: "Class",
  next_run: "Next run",
  last_run: "Last run",
  created: "Added",
};

/** The parameters that narrow the list. */
export const NARROWING = ["text", "state", "job_class", "tag", "managed_by"];

const search = _.debounce((text) => setQuery({ text, page: "" }), TYPING_MS);

/** `known`: the tags and classes there are, as far as they were loaded. */
export function filters(query, known) {
  return html`<form class="filters jobs-filters" role="search" @submit=${(event) => event.preventDefault()}>
    <input class="form-control form-control-sm jobs-search" type="search" data-search aria-label="Search jobs"
      placeholder="Search name, class, arguments, notes, tags" .value=${searched(query)}
      @input=${(event) => search(event.target.value.trim())}>
    ${choice("state", "State", query, Object.entries(STATES), "Any state")}
    ${choice("job_class", "Class", query, known.classes.map((name) => [name, shortClass(name)]), "Any class")}
    ${known.tags.length || query.get("tag") ? choice("tag", "Tag", query, known.tags.map((tag) => [tag, tag]), "Any tag") : nothing}
    ${query.get("managed_by") ? choice("managed_by", "Managed by", query, [[query.get("managed_by"), `Managed by ${query.get("managed_by")}`]], "Managed or not") : nothing}
    <span class="jobs-sort">${choice("sort", "Sort by", query, sorts(), "Sorted by name")}</span>
    ${NARROWING.some((name) => query.get(name)) ? clearing() : nothing}
  </form>`;
}

/** What is being typed is not taken away by what was found meanwhile. */
function searched(query) {
  const field = document.querySelector("[data-search]");
  return field && field === document.activeElement ? field.value : (query.get("text") ?? "");
}

function sorts() {
  const entries = Object.entries(SORTS).flatMap(([name, label]) => [[name, `${label} ↑`], [`-${name}`, `${label} ↓`]]);
  return entries.filter(([name]) => name !== "name");
}

function choice(name, label, query, options, none) {
  const chosen = query.get(name) ?? "";
  const missing = chosen && !options.some(([value]) => value === chosen);
  return html`<select class="form-select form-select-sm" aria-label=${label} .value=${live(chosen)}
    @change=${(event) => setQuery({ [name]: event.target.value, page: "" }, { replace: false })}>
    <option value="" ?selected=${!chosen}>${none}</option>
    ${missing ? html`<option value=${chosen} selected>${chosen}</option>` : nothing}
    ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
  </select>`;
}

function clearing() {
  const none = Object.fromEntries(NARROWING.map((name) => [name, ""]));
  return html`<button type="button" class="btn btn-sm btn-link" @click=${() => clear(none)}>Show all</button>`;
}

function clear(none) {
  document.querySelector("[data-search]").value = "";
  setQuery({ ...none, page: "" }, { replace: false });
}
