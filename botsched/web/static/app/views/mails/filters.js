/** Which mails are listed: all of it stands in the address. */

import { html, nothing } from "../../lib.js";
import { icon } from "../../ui/icon.js";
import { setQuery } from "../../ui/query.js";
import { MAIL_STATES } from "./words.js";

const NAMES = ["state", "profile", "text", "job_id", "execution_id", "digest_id"];
const OPEN = "queued,sending,deferred,held";

/** Parameters of the REST API, by the address of the page. */
export function wanted(query) {
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name)]));
}

export function isFiltered(query) {
  return NAMES.some((name) => query.has(name));
}

/** `counts`: how many there are by state and profile; `typed(text)` is called as somebody types. */
export function filters(query, counts, { typed, jobName }) {
  return html`<form class="filters mails-filters" role="search" aria-label="Filter mails" @submit=${(event) => event.preventDefault()}>
    <input type="search" class="form-control form-control-sm" placeholder="Job, address or error" aria-label="Search" data-search
      maxlength="200" .value=${query.get("text") ?? ""} @input=${(event) => typed(event.target.value)}>
    ${choice(query, "state", "State", states(query, counts))}
    ${choice(query, "profile", "Profile", profiles(query, counts))}
    ${query.has("job_id") ? chip("job_id", html`Job: ${jobName ?? query.get("job_id")}`) : nothing}
    ${query.has("execution_id") ? chip("execution_id", html`Of <a href="/executions/${query.get("execution_id")}">one execution</a>`) : nothing}
    ${query.has("digest_id") ? chip("digest_id", html`In <a href="/mails/${query.get("digest_id")}">one digest</a>`) : nothing}
  </form>`;
}

/** States with how many mails are in each, through the profile chosen. */
function states(query, { states: all, profiles: each }) {
  const counted = each.find(({ profile }) => profile === query.get("profile"))?.states ?? (query.has("profile") ? {} : all);
  const open = OPEN.split(",").reduce((sum, state) => sum + (counted[state] ?? 0), 0);
  const words = (state) => `${state[0].toUpperCase()}${state.slice(1)} (${(counted[state] ?? 0).toLocaleString("en")})`;
  return [["", "Any state"], [OPEN, `To be sent (${open.toLocaleString("en")})`], ...Object.keys(MAIL_STATES).map((state) => [state, words(state)])];
}

function profiles(query, { profiles: each }) {
  const names = each.map(({ profile }) => profile);
  const chosen = query.get("profile");
  if (chosen && !names.includes(chosen)) names.push(chosen);
  return [["", "Through any profile"], ...names.map((name) => [name, name])];
}

function choice(query, name, label, options) {
  const chosen = query.get(name) ?? "";
  const listed = options.some(([value]) => value === chosen) ? options : [...options, [chosen, chosen]];
  return html`<select class="form-select form-select-sm" aria-label=${label} @change=${(event) => setQuery({ [name]: event.target.value })}>
    ${listed.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
  </select>`;
}

function chip(name, words) {
  return html`<span class="filter-chip">${words}
    <button type="button" class="btn btn-sm btn-icon" aria-label="Take this filter away" @click=${() => setQuery({ [name]: "" })}>${icon("x-lg")}</button>
  </span>`;
}
