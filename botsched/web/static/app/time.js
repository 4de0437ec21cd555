/** Instants and durations in words, in the zone that the viewer chose. */

import { clockOffset } from "./api.js";
import { html, nothing } from "./lib.js";
import { preferences } from "./preferences.js";
import { session } from "./session.js";

const UNITS = [["years", 31557600], ["months", 2629800], ["days", 86400], ["h", 3600], ["min", 60], ["s", 1]];
const FORMATS = new Map();

/** Milliseconds of now, on the server's clock. */
export function now() {
  return Date.now() + clockOffset;
}

/** The zone in which times are shown; `jobZone` is that of the job they concern, if any. */
export function zone(jobZone) {
  const chosen = preferences.get("zone");
  if (chosen === "job") return jobZone || session.timezone;
  return chosen === "server" ? session.timezone : undefined;
}

/** The name of that zone, where the times of a job are not what the clock of its own zone says; else empty. */
export function foreignZone(instants, jobZone) {
  const shown = zone(jobZone);
  const differs = instants.some((each) => timeOfDay(each, shown) !== timeOfDay(each, jobZone));
  return differs ? (shown ?? Intl.DateTimeFormat().resolvedOptions().timeZone) : "";
}

/** "2026-03-01 12:00:05", of an ISO 8601 text or milliseconds; without `seconds`, to the minute. */
export function absolute(instant, { jobZone, seconds = true } = {}) {
  return parts(instant, zone(jobZone), seconds);
}

/** The time of day in a zone: "14:05". */
export function timeOfDay(instant, timeZone) {
  return parts(instant, timeZone, false).slice(11);
}

function parts(instant, timeZone, seconds) {
  return formatOf(timeZone, seconds).format(new Date(instant)).replace(",", "");
}

function formatOf(timeZone, seconds) {
  const key = `${timeZone} ${seconds}`;
  if (!FORMATS.has(key)) {
    const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone };
    if (seconds) options.second = "2-digit";
    FORMATS.set(key, new Intl.DateTimeFormat("sv-SE", options));
  }
  return FORMATS.get(key);
}

/** "in 4 min", "30 h ago", "2 days ago", "now": rounded, but never to one unit, which says too little. */
export function relative(instant) {
  const ahead = (new Date(instant).getTime() - now()) / 1000;
  const seconds = Math.abs(ahead);
  if (seconds < 1) return "now";
  const [unit, size] = UNITS.find(([, length]) => seconds >= 1.5 * length) ?? UNITS.at(-1);
  const words = `${Math.round(seconds / size)} ${unit}`;
  return ahead > 0 ? `in ${words}` : `${words} ago`;
}

/** "40 ms", "0.4 s", "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h"; empty for null. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 0.1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two(whole, 60, "min", 1, "s");
  return whole < 86400 ? two(whole, 3600, "h", 60, "min") : two(whole, 86400, "d", 3600, "h");
}

function two(whole, large, largeName, small, smallName) {
  const rest = Math.floor((whole % large) / small);
  return `${Math.floor(whole / large)} ${largeName}${rest ? ` ${rest} ${smallName}` : ""}`;
}

/** Whole seconds between two instants; up to now when the second is missing. */
export function between(start, end) {
  if (!start) return null;
  return Math.max(0, ((end ? new Date(end).getTime() : now()) - new Date(start).getTime()) / 1000);
}

/** A `<time>`: relative with the absolute one behind it, or (`relative: false`) the other way round. */
export function when(instant, { jobZone, relative: nearby = true, seconds = true } = {}) {
  if (!instant) return nothing;
  const exact = `${absolute(instant, { jobZone, seconds })} ${zone(jobZone) ?? ""}`.trim();
  const shown = nearby ? relative(instant) : absolute(instant, { jobZone, seconds });
  return html`<time datetime=${instant} title=${nearby ? exact : `${exact}, ${relative(instant)}`}>${shown}</time>`;
}
