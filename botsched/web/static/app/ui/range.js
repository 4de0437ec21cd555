/** The time that a list is about, as it stands in the address: `range`, and for `own`, `from` and `to`. */

import { html, nothing } from "../lib.js";
import { now } from "../time.js";
import { setQuery } from "./query.js";

const HOURS = { "1h": 1, "24h": 24, "7d": 168, "30d": 720 };
const WORDS = { "1h": "Last hour", "24h": "Last 24 hours", "7d": "Last 7 days", "30d": "Last 30 days", all: "Any time", own: "From … to …" };

/** Parameters of the REST API; `usual` is the range of an address that names none. */
export function timesOf(query, usual) {
  const range = query.get("range") ?? usual;
  if (range === "own") return { time_range_start: moment(query.get("from")) ?? "1970-01-01", time_range_end: moment(query.get("to")) };
  if (range === "all") return { time_range_start: "1970-01-01" };
  return { time_range_start: new Date(now() - (HOURS[range] ?? HOURS[usual]) * 3_600_000).toISOString() };
}

/** Fields to choose it by. */
export function rangeFields(query, usual) {
  const range = query.get("range") ?? usual;
  return html`<select class="form-select form-select-sm" aria-label="Time"
      @change=${(event) => setQuery({ range: event.target.value === usual ? "" : event.target.value, from: "", to: "" })}>
      ${Object.entries(WORDS).map(([value, words]) => html`<option value=${value} ?selected=${value === range}>${words}</option>`)}
    </select>
    ${range === "own" ? [bound(query, "from", "From"), bound(query, "to", "To")] : nothing}`;
}

function bound(query, name, label) {
  return html`<input type="datetime-local" class="form-control form-control-sm" aria-label=${label} .value=${query.get(name) ?? ""}
    @change=${(event) => setQuery({ [name]: event.target.value })}>`;
}

/** What a field for date and time gives, which is on the viewer's clock. */
function moment(text) {
  const at = text ? new Date(text) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}
