/** The part of the form that says when a job is due. */

import { html, live, nothing } from "../../../lib.js";
import { now, timeOfDay } from "../../../time.js";
import { icon } from "../../../ui/icon.js";
import { faultBelow, textInput } from "../fields/common.js";
import { durationInput } from "../fields/duration.js";
import { allZones, isZone } from "./moments.js";
import { EDITORS, Form } from "./timing.js";

const MOST = 20;

export function scheduleSection(form) {
  const { draft, base: before } = form;
  return html`<section class="panel" aria-labelledby="when-title">
    <h2 id="when-title">When</h2>
    ${draft.forms.map((each, index) => one(form, each, index))}
    ${faultBelow(form, "schedule")}${faultBelow(form, "schedules")}
    ${draft.forms.length < MOST ? html`<button type="button" class="btn btn-sm btn-link add-schedule" @click=${() => add(form)}>
      ${icon("plus-lg")} Add another schedule</button>` : nothing}
    <div class="form-grid">${zoneInput(form)}</div>
    <details class="folded" ?open=${Boolean(before?.start_date || before?.end_date || before?.jitter)}>
      <summary>First and last instant, delay by chance</summary>
      <div class="form-grid">${bound(form, "start_date", "Not before")}${bound(form, "end_date", "Not after")}
        ${durationInput(form, { key: "jitter", label: "Delay each by chance, at most", value: draft.jitter || null, placeholder: "none",
          set: (seconds) => (draft.jitter = seconds ?? 0) })}</div>
    </details>
  </section>`;
}

function one(form, each, index) {
  const { draft } = form;
  const several = draft.forms.length > 1;
  const key = several ? `schedules[${index}].` : "";
  const id = `kind-${index}`;
  const become = (kind) => {
    each.become(kind, draft.timezone);
    form.changed("schedule");
  };
  return html`<fieldset class="schedule" aria-label=${several ? `Schedule ${index + 1}` : "Schedule"}>
    <div class="form-grid">
      <div class="form-field is-kind">
        <label class="form-label" for=${id}>${several ? `Schedule ${index + 1}` : "Repeats"}</label>
        <select class="form-select form-select-sm" id=${id} @change=${(event) => become(event.target.value)}>
          ${Object.entries(EDITORS).map(([kind, { label }]) => html`<option value=${kind} .selected=${live(kind === each.kind)}>${label}</option>`)}
        </select>
      </div>
      ${each.editor.content(form, each.values, key)}
    </div>
    ${several ? html`${faultBelow(form, `schedules[${index}]`)}<button type="button" class="btn btn-sm btn-icon remove"
      aria-label="Remove schedule ${index + 1}" title="Remove" @click=${() => remove(form, index)}>${icon("trash")}</button>` : nothing}
  </fieldset>`;
}

function add(form) {
  form.draft.forms.push(new Form("daily", { time: "12:00" }));
  form.changed("schedule");
}

function remove(form, index) {
  form.draft.forms.splice(index, 1);
  form.changed("schedule");
}

function zoneInput(form) {
  const { draft } = form;
  const hint = isZone(draft.timezone) ? `there it is ${timeOfDay(now(), draft.timezone)} now` : "no zone of this name is known here";
  return html`${textInput(form, { key: "timezone", label: "Time zone", value: draft.timezone, list: "zones", hint, set: (name) => (draft.timezone = name.trim()) })}
    <datalist id="zones">${allZones().map((name) => html`<option value=${name}></option>`)}</datalist>`;
}

function bound(form, key, label) {
  const { draft } = form;
  return textInput(form, { key, label, type: "datetime-local", step: 1, value: draft[key], hint: "on the clock of the time zone", set: (text) => (draft[key] = text) });
}
