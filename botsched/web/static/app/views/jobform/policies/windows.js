/** Maintenance windows of a job: when its instants are skipped. */

import { html } from "../../../lib.js";
import { icon } from "../../../ui/icon.js";
import { faultBelow, select, textInput } from "../fields/common.js";
import { durationInput } from "../fields/duration.js";

const KINDS = [["again", "again and again"], ["once", "once"]];

export function windows(form) {
  const given = form.draft.rules.windows ?? [];
  return html`<p class="form-text">Instants in a window are recorded as skipped.</p>
    ${given.map((_, index) => one(form, given, index))}
    ${faultBelow(form, "windows")}
    <button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => add(form, given)}>${icon("plus-lg")} Add a window</button>`;
}

function one(form, given, index) {
  const key = (name) => `windows[${index}].${name}`;
  return html`<fieldset class="schedule" aria-label="Window ${index + 1}">${windowFields(form, given, index, key)}
    <button type="button" class="btn btn-sm btn-icon remove" aria-label="Remove window ${index + 1}" title="Remove"
      @click=${() => remove(form, given, index)}>${icon("trash")}</button></fieldset>`;
}

/** The fields of one of the windows that are given; `key` makes the keys of its parts. */
export function windowFields(form, given, index, key) {
  const values = given[index];
  const text = (name, label, options = {}) => textInput(form, { key: key(name), label, value: values[name], set: (typed) => (values[name] = typed), ...options });
  const isOnce = "from" in values;
  return html`<div class="form-grid">
    ${text("name", "Name", { required: true })}
    ${select(form, { key: key("kind"), label: "Comes", value: isOnce ? "once" : "again", choices: KINDS, set: (kind) => (given[index] = anew(kind, values)) })}
    ${isOnce ? html`${moment(form, values, "from", "From", key)}${moment(form, values, "to", "To", key)}`
      : html`${text("crontab", "Begins, as a line of a crontab", { code: true, placeholder: "0 2 * * sun" })}
        ${durationInput(form, { key: key("duration"), label: "Lasts", value: values.duration, unit: "minutes", set: (seconds) => (values.duration = seconds ?? 0) })}`}
    ${text("timezone", "Time zone", { list: "zones" })}
  </div>`;
}

/** As it was given the value has an offset; as it is typed it is on the clock of the window's zone. */
function moment(form, values, name, label, key) {
  const value = (values[name] ?? "").slice(0, 16);
  return textInput(form, { key: key(name), label, type: "datetime-local", value, set: (typed) => (values[name] = typed) });
}

function anew(kind, { name, timezone }) {
  return kind === "once" ? { name, timezone, from: "", to: "" } : { name, timezone, crontab: "", duration: 3600 };
}

function add(form, given) {
  const { timezone } = form.draft;
  form.draft.rules.windows = [...given, { name: `Window ${given.length + 1}`, timezone, crontab: "0 2 * * sun", duration: 3600 }];
  form.changed("windows");
}

function remove(form, given, index) {
  const left = given.filter((_, place) => place !== index);
  form.draft.rules.windows = left.length ? left : null;
  form.changed("windows");
}
