/** Quiet hours of a mail rule: what comes in them is held until they end. */

import { html, nothing } from "../../../lib.js";
import { icon } from "../../../ui/icon.js";
import { select, textInput } from "../fields/common.js";
import { windowFields } from "./windows.js";

const DAYS = [["*", "every day"], ["1-5", "Monday to Friday"], ["0,6", "Saturday and Sunday"]];
const NIGHT = { from: "22:00", to: "07:00", days: "*" };
const MINUTES_A_DAY = 1440;

/** `key` is that of the list: null is as the server says, an empty one is none. */
export function quiet(form, values, key) {
  const given = values.quiet ?? null;
  const way = given === null ? "" : given.length ? "own" : "none";
  const choose = (word) => (values.quiet = { "": null, none: [], own: [night(form)] }[word]);
  const choices = [["", `by default: ${usual(form)}`], ["none", "none: at any hour"], ["own", "as follows"]];
  return html`<div class="form-grid">${select(form, { key, label: "Quiet hours", value: way, choices, set: choose, double: true, hint: "mails wait until they end" })}</div>
    ${way === "own" ? html`${given.map((_, index) => one(form, given, index, `${key}[${index}]`))}
      <button type="button" class="btn btn-sm btn-link add-schedule" @click=${() => put(form, given, key, night(form))}>${icon("plus-lg")} Add quiet hours</button>` : nothing}`;
}

function usual({ data }) {
  const { quiet: windows } = data.mailDefaults;
  return windows.length ? windows.map(({ name }) => name).join(", ") : "none";
}

function put(form, given, key, window) {
  given.push(window);
  form.changed(key);
}

/** Hours of days, or whatever else a window may be. */
function one(form, given, index, key) {
  const hours = hoursOf(given[index]);
  const name = (part) => `${key}.${part}`;
  const set = (part) => (typed) => typed && (given[index] = windowOf({ ...hours, [part]: typed }, given[index].timezone));
  const time = (part, label) => textInput(form, { key: name(part), label, type: "time", value: hours[part], set: set(part) });
  const fields = () => html`<div class="form-grid quiet-hours">${time("from", "From")}${time("to", "To")}
    ${select(form, { key: name("days"), label: "On", value: hours.days, choices: DAYS, set: set("days") })}
    ${textInput(form, { key: name("timezone"), label: "Time zone", value: given[index].timezone, list: "zones", set: (typed) => (given[index].timezone = typed) })}</div>`;
  const remove = () => {
    given.splice(index, 1);
    form.changed(key);
  };
  return html`<fieldset class="schedule" aria-label="Quiet hours ${index + 1}">
    ${hours ? fields() : windowFields(form, given, index, name)}
    ${given.length > 1 ? html`<button type="button" class="btn btn-sm btn-icon remove" aria-label="Remove quiet hours ${index + 1}" title="Remove" @click=${remove}>${icon("trash")}</button>` : nothing}
  </fieldset>`;
}

function night(form) {
  return windowOf(NIGHT, form.data.mailDefaults.timezone);
}

/** `from` and `to` as times of the day; the same twice is a whole day. */
function windowOf({ from, to, days }, timezone) {
  const [start, end] = [from, to].map(minutesOf);
  const minutes = (end - start + MINUTES_A_DAY) % MINUTES_A_DAY || MINUTES_A_DAY;
  const on = DAYS.find(([value]) => value === days)[1];
  return { name: `${from} to ${to}${days === "*" ? "" : `, ${on}`}`, timezone, crontab: `${start % 60} ${Math.floor(start / 60)} * * ${days}`, duration: minutes * 60 };
}

/** The other way round; undefined for a window that is not made of hours of days. */
function hoursOf({ crontab, duration }) {
  const [, minute, hour, days] = /^(\d+) (\d+) \* \* (\S+)$/.exec(crontab ?? "") ?? [];
  const isOne = DAYS.some(([value]) => value === days) && duration % 60 === 0 && duration <= MINUTES_A_DAY * 60;
  if (!isOne) return undefined;
  const start = Number(hour) * 60 + Number(minute);
  return { from: timeOf(start), to: timeOf(start + duration / 60), days };
}

function minutesOf(time) {
  const [hours, minutes] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

function timeOf(minutes) {
  const within = minutes % MINUTES_A_DAY;
  return [Math.floor(within / 60), within % 60].map((each) => String(each).padStart(2, "0")).join(":");
}
