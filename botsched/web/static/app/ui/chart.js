/** What charts share: they are SVG in percent of their box, so that they fit every width. */

import { zone } from "../time.js";

const DAYS = new Map();
const MARGIN = 0.025;
const QUARTER = 15 * 60000;
const STEPS = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * 60000);

/** A share of the whole, as an SVG attribute. */
export function percent(share) {
  return `${Math.round(share * 1e4) / 100}%`;
}

/** A function from an instant (ISO 8601 text or milliseconds) to its share of the way between two. */
export function scaleOf(from, to) {
  const start = new Date(from).getTime();
  const span = new Date(to).getTime() - start;
  return (instant) => Math.min(1, Math.max(0, (new Date(instant).getTime() - start) / span));
}

/**
 * The full hours, days and so on between two instants, at most about `most`: `{at, label}`. None
 * is so near the end that its label would not fit.
 */
export function ticks(from, to, most) {
  const [start, end] = [from, to].map((each) => new Date(each).getTime());
  const step = STEPS.find((each) => (end - start) / each <= most) ?? STEPS.at(-1);
  const grid = Math.min(step, QUARTER);
  const found = [];
  for (let at = Math.ceil(start / grid) * grid; at <= end - (end - start) * MARGIN; at += grid) {
    const { hour, minute, day } = clock(at);
    const since = (hour * 60 + minute) * 60000;
    if (since % step === 0) found.push({ at, label: since === 0 ? day : `${two(hour)}:${two(minute)}` });
  }
  return found;
}

function clock(at) {
  const parts = Object.fromEntries(formatter().formatToParts(at).map(({ type, value }) => [type, value]));
  return { hour: Number(parts.hour), minute: Number(parts.minute), day: `${parts.weekday} ${parts.day}` };
}

function formatter() {
  const timeZone = zone();
  if (!DAYS.has(timeZone)) {
    const options = { weekday: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone };
    DAYS.set(timeZone, new Intl.DateTimeFormat("en-GB", options));
  }
  return DAYS.get(timeZone);
}

function two(number) {
  return String(number).padStart(2, "0");
}

/** "1 run", "1,204 runs". */
export function counted(number, word, plural = `${word}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? word : plural}`;
}

/** A round number not below the value: the top of an axis. */
export function roundUp(value) {
  if (value <= 1) return value > 0 ? roundUp(value * 1000) / 1000 : 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((each) => each * size).find((each) => each >= value);
}
