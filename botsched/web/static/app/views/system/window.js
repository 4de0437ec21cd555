/** A dialogue that writes one maintenance window. */

import { post } from "../../api.js";
import { _, html, nothing } from "../../lib.js";
import { session } from "../../session.js";
import { absolute } from "../../time.js";
import { busily } from "../../ui/busy.js";
import { openDialog } from "../../ui/dialog.js";

const UNITS = { minutes: 60, hours: 3600, days: 86400 };
const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
const PREVIEW_MS = 400;

/** `save(window)` stores it or throws; resolves with the window, undefined when it was cancelled. */
export function editWindow(before, save) {
  const form = formOf(before);
  let redraw = () => {};
  const look = _.debounce(async () => redraw((form.preview = await previewOf(form))), PREVIEW_MS);
  const set = (changes) => {
    Object.assign(form, changes);
    redraw();
    if (form.recurs) look();
  };
  return openDialog({
    title: before ? "Change the window" : "Add a maintenance window",
    onReady: (draw) => {
      redraw = draw;
      if (form.recurs) look();
    },
    body: () => fields(form, set),
    footer: (close) => html`<button type="button" class="btn btn-outline-secondary" @click=${() => close()}>Cancel</button>
      <button type="button" class="btn btn-primary" @click=${busily(() => submit(form, save, close, set))}>Save</button>`,
  });
}

async function submit(form, save, close, set) {
  try {
    const written = windowOf(form);
    await save(written);
    close(written);
  } catch (error) {
    set({ fault: error.fields?.windows ?? error.message });
  }
}

function fields(form, set) {
  const choose = (recurs) => html`<label class="form-check form-check-inline"><input type="radio" class="form-check-input" name="window-kind"
    .checked=${form.recurs === recurs} @change=${() => set({ recurs })}> ${recurs ? "Again and again" : "Once"}</label>`;
  return html`${form.fault ? html`<div class="alert alert-danger" role="alert">${form.fault}</div>` : nothing}
    ${field("name", "Name", html`<input id="window-name" class="form-control" maxlength="100" autofocus .value=${form.name} @input=${(event) => set({ name: event.target.value })}>`)}
    <div class="mb-3" role="radiogroup" aria-label="When it is">${choose(true)}${choose(false)}</div>
    ${form.recurs ? recurring(form, set) : once(form, set)}
    ${field("zone", "Time zone", html`<input id="window-zone" class="form-control" list="window-zones" .value=${form.timezone} @input=${(event) => set({ timezone: event.target.value })}>
      <datalist id="window-zones">${ZONES.map((zone) => html`<option value=${zone}></option>`)}</datalist>`)}`;
}

function recurring(form, set) {
  return html`${field("crontab", "Begins, as a crontab line", html`<input id="window-crontab" class="form-control font-monospace" aria-describedby="window-preview"
      .value=${form.crontab} @input=${(event) => set({ crontab: event.target.value })}>
      <div id="window-preview" class="form-text" role="status">${form.preview}</div>`)}
    <div class="window-duration">${field("number", "Lasts", html`<input id="window-number" type="number" min="1" class="form-control" .value=${form.number} @input=${(event) => set({ number: event.target.value })}>`)}
      <select class="form-select mb-3" aria-label="Unit" @change=${(event) => set({ unit: event.target.value })}>
        ${Object.keys(UNITS).map((unit) => html`<option ?selected=${unit === form.unit}>${unit}</option>`)}</select></div>`;
}

function once(form, set) {
  const bound = (name, label) => field(name, label, html`<input id="window-${name}" type="datetime-local" class="form-control" .value=${form[name]} @input=${(event) => set({ [name]: event.target.value })}>`);
  return html`${bound("from", "From")}${bound("to", "To")}`;
}

function field(name, label, input) {
  return html`<div class="mb-3"><label class="form-label" for="window-${name}">${label}</label>${input}</div>`;
}

/** A window as the dialogue holds it: all values are texts. */
function formOf(before) {
  const [number, unit] = inUnits(before?.duration ?? 7200);
  return {
    name: before?.name ?? "",
    recurs: !before || before.crontab !== undefined,
    crontab: before?.crontab ?? "0 2 * * sun",
    number,
    unit,
    from: before?.from?.slice(0, 16) ?? "",
    to: before?.to?.slice(0, 16) ?? "",
    timezone: before?.timezone ?? session.timezone,
    preview: "",
    fault: "",
  };
}

function inUnits(seconds) {
  const unit = ["days", "hours"].find((each) => seconds % UNITS[each] === 0) ?? "minutes";
  return [String(seconds / UNITS[unit]), unit];
}

function windowOf({ name, recurs, crontab, number, unit, from, to, timezone }) {
  const named = { name: name.trim(), timezone: timezone.trim() };
  return recurs ? { ...named, crontab: crontab.trim(), duration: Number(number) * UNITS[unit] } : { ...named, from, to };
}

/** When it begins next, in words. */
async function previewOf({ crontab, timezone }) {
  try {
    const { schedule, next } = await post("/schedules/preview", { crontab, timezone, count: 1 });
    return next.length ? `${schedule}; next ${absolute(next[0].utc, { seconds: false })}` : schedule;
  } catch (error) {
    return error.message;
  }
}
