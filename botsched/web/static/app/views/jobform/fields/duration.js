/** A number of seconds, as a number and a unit; null for none. */

import { html, live } from "../../../lib.js";
import { field, shownIn } from "./common.js";

const UNITS = [[86400, "days"], [3600, "hours"], [60, "minutes"], [1, "seconds"]];

/** `placeholder` tells what holds when it is left empty, in the `unit` that is offered then. */
export function durationInput(form, options) {
  const { key, value, set, placeholder = "" } = options;
  const [unit] = UNITS.find(([size]) => value && value % size === 0) ?? UNITS.find(([, words]) => words === (options.unit ?? "seconds"));
  const chosen = form.units.get(key) ?? unit;
  const put = (number, size) => {
    form.units.set(key, size);
    set(number === "" ? null : Math.round(Number(number) * size * 1000) / 1000);
    form.changed(key);
  };
  return field(form, options, ({ id, invalid, told, fault }) => html`<div class="input-group input-group-sm">
    <input id=${id} type="number" min="0" step="any" class="form-control ${fault ? "is-invalid" : ""}" placeholder=${placeholder}
      .value=${live(shownIn(id, value === null ? "" : value / chosen))} aria-invalid=${invalid} aria-describedby=${told}
      @input=${(event) => put(event.target.value, chosen)}>
    <select class="form-select unit" aria-label="Unit of ${options.label}"
      @change=${(event) => put(value === null ? "" : String(value / chosen), Number(event.target.value))}>
      ${UNITS.map(([size, words]) => html`<option value=${size} .selected=${live(size === chosen)}>${words}</option>`)}
    </select>
  </div>`);
}
