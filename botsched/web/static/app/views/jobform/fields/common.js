/**
 * Labelled controls. `form` is whoever shows them: `faultOf(key)` says what is wrong with the value
 * of a key, and `changed(key)` is told when it was changed. A key is as the REST API names it.
 */

import { html, live, nothing } from "../../../lib.js";

/** An id for a key, such as `pub_args[0]`. */
export function idOf(key) {
  return `f-${key.replace(/[^\w]+/g, "-")}`;
}

/** What a field shows: where somebody types, that stays, also what is half a number. */
export function shownIn(id, value) {
  const active = document.activeElement;
  return active?.id === id ? active.value : String(value ?? "");
}

/** What all controls of a key have in common, for those that are written out. */
function marks(form, key, { hint } = {}) {
  const id = idOf(key);
  const fault = form.faultOf(key);
  const told = [fault ? `${id}-fault` : "", hint ? `${id}-hint` : ""].filter(Boolean).join(" ");
  return { id, fault, invalid: fault ? "true" : nothing, told: told || nothing };
}

/** A label, a control, a hint and a fault; `control(marks)` returns the control. */
export function field(form, { key, label, hint, required, extra = nothing, wide = false, double = false }, control) {
  const marked = marks(form, key, { hint });
  return html`<div class="form-field ${wide ? "is-wide" : ""} ${double ? "is-double" : ""}">
    <label class="form-label" for=${marked.id}>${label}${required ? html` <span class="needed" title="Needed">*</span>` : nothing}</label>
    ${control(marked)}
    ${extra}
    ${hint ? html`<div class="form-text" id="${marked.id}-hint">${hint}</div>` : nothing}
    ${faultBelow(form, key)}
  </div>`;
}

/** What is wrong with the value of a key. */
export function faultBelow(form, key) {
  const fault = form.faultOf(key);
  return fault ? html`<div class="field-fault" id="${idOf(key)}-fault">${fault}</div>` : nothing;
}

/** A line of text; `set(text)` takes what is typed. */
export function textInput(form, options) {
  const { key, value, set, type = "text", placeholder = "", list, step, min, max, code = false, required } = options;
  return field(form, options, ({ id, invalid, told, fault }) => html`<input id=${id} type=${type}
    class="form-control form-control-sm ${fault ? "is-invalid" : ""} ${code ? "is-code" : ""}" .value=${live(shownIn(id, value))}
    placeholder=${placeholder} list=${list ?? nothing} step=${step ?? nothing} min=${min ?? nothing} max=${max ?? nothing}
    inputmode=${type === "number" ? "decimal" : nothing} autocomplete="off" spellcheck=${code ? "false" : nothing}
    aria-invalid=${invalid} aria-describedby=${told} aria-required=${required ? "true" : nothing}
    @input=${(event) => put(form, key, set, event.target.value)}>`);
}

/** Several lines of text. */
export function textArea(form, options) {
  const { key, value, set, rows = 3, placeholder = "", code = false, required } = options;
  return field(form, options, ({ id, invalid, told, fault }) => html`<textarea id=${id} rows=${rows}
    class="form-control form-control-sm ${fault ? "is-invalid" : ""} ${code ? "is-code" : ""}" .value=${live(shownIn(id, value))}
    placeholder=${placeholder} spellcheck=${code ? "false" : nothing} aria-invalid=${invalid} aria-describedby=${told}
    aria-required=${required ? "true" : nothing} @input=${(event) => put(form, key, set, event.target.value)}></textarea>`);
}

/** One of `choices`, each a value and its words; values are texts. */
export function select(form, options) {
  const { key, value, set, choices, required } = options;
  return field(form, options, ({ id, invalid, told, fault }) => html`<select id=${id}
    class="form-select form-select-sm ${fault ? "is-invalid" : ""}" aria-invalid=${invalid} aria-describedby=${told}
    aria-required=${required ? "true" : nothing} @change=${(event) => put(form, key, set, event.target.value)}>
    ${choices.map(([each, words]) => html`<option value=${each} .selected=${live(each === value)}>${words}</option>`)}
  </select>`);
}

/** A box to tick. */
export function check(form, { key, label, value, set }) {
  const id = idOf(key);
  return html`<div class="form-check"><input class="form-check-input" type="checkbox" id=${id} .checked=${live(Boolean(value))}
    @change=${(event) => put(form, key, set, event.target.checked)}>
    <label class="form-check-label" for=${id}>${label}</label></div>`;
}

function put(form, key, set, value) {
  set(value);
  form.changed(key);
}
