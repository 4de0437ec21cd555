/** Arguments of a job: a control for each that its class declares, or all of them as JSON. */

import { html, nothing } from "../../lib.js";
import { icon } from "../../ui/icon.js";
import { argumentField, fits } from "./fields/argument.js";
import { faultBelow, textArea } from "./fields/common.js";

/** What is given to a job, as it is edited; `info` is its class, undefined when that is not there. */
export class Arguments {
  constructor(info, given) {
    this.info = info;
    this.take(given);
  }

  /** Show these arguments: a list or an object. */
  take(given) {
    this.asJson = !this.info?.arguments.length || !this.fit(given);
    this.text = JSON.stringify(given);
    this.isNamed = !Array.isArray(given);
    this.values = this.isNamed ? this.declared.map(({ name }) => given[name]) : [...given];
  }

  get declared() {
    return this.info?.arguments ?? [];
  }

  get repeated() {
    return this.declared.at(-1)?.repeated ? this.declared.at(-1) : undefined;
  }

  /** Whether there is a control for each of these values. */
  fit(given) {
    const names = this.declared.map((each) => each.name);
    if (!Array.isArray(given)) return Object.keys(given).every((name) => names.includes(name) && fits(this.declared[names.indexOf(name)], given[name]));
    return given.every((value, place) => this.at(place) && fits(this.at(place), value));
  }

  at(place) {
    return this.declared[place] ?? this.repeated;
  }

  /** As they go to the server. Throws SyntaxError for a text that is no JSON list or object. */
  written() {
    if (this.asJson) return readJson(this.text);
    const end = this.values.findLastIndex((value) => value !== undefined) + 1;
    const values = Array.from(this.values.slice(0, end));
    const canBeNamed = values.every((value, place) => value === undefined || this.at(place).name) && !this.repeated;
    if (!this.isNamed && (!values.includes(undefined) || !canBeNamed)) return values.map((value) => (value === undefined ? null : value));
    const entries = values.map((value, place) => [this.at(place).name, value]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  /** Change between controls and JSON; the text stays when it is not fit for controls. */
  toggle() {
    if (!this.asJson) {
      this.text = JSON.stringify(this.written());
      this.asJson = true;
      return true;
    }
    try {
      const given = readJson(this.text);
      if (!this.declared.length || !this.fit(given)) return false;
      this.take(given);
      return true;
    } catch {
      return false;
    }
  }

  /** The key of the value at a place, as faults name it. */
  keyOf(place) {
    const named = this.isNamed || (!this.asJson && !Array.isArray(this.written()));
    return named && this.at(place)?.name ? `pub_args.${this.at(place).name}` : `pub_args[${place}]`;
  }
}

function readJson(text) {
  const given = JSON.parse(text.trim() || "[]");
  if (given === null || typeof given !== "object") throw new SyntaxError("give a list, as [1, 2], or an object");
  return given;
}

/** The controls; `known` has what to choose from. */
export function argumentFields(form, given, known) {
  const canSwitch = given.declared.length > 0;
  return html`${given.asJson ? asJson(form, given) : html`${typed(form, given, known)}${faultBelow(form, "pub_args")}`}
    ${canSwitch ? html`<button type="button" class="btn btn-sm btn-link switch-json" @click=${() => toggle(form, given)}>
      ${icon(given.asJson ? "sliders" : "braces")} ${given.asJson ? "Use fields" : "Write JSON instead"}</button>` : nothing}
    ${form.misfit ? html`<p class="form-text" role="status">There is no field for these arguments: they stay as JSON.</p>` : nothing}`;
}

function toggle(form, given) {
  form.misfit = !given.toggle();
  form.changed("pub_args");
}

function typed(form, given, known) {
  const places = given.repeated ? Math.max(given.declared.length, given.values.length) : given.declared.length;
  return html`<div class="form-grid">
    ${Array.from({ length: places }, (_, place) => one(form, given, place, known))}
    ${given.repeated ? html`<div class="form-field align-end"><button type="button" class="btn btn-sm btn-outline-secondary"
      @click=${() => { given.values.length = Math.max(places, given.values.length); given.values.push(""); form.changed("pub_args"); }}>
      ${icon("plus-lg")} One more</button></div>` : nothing}
  </div>`;
}

function one(form, given, place, known) {
  const argument = given.at(place);
  const more = place - given.declared.length + 2;
  const named = argument.repeated && more > 1 ? { ...argument, name: argument.name && `${argument.name} ${more}`, description: `${argument.description} (${more})` } : argument;
  const set = (value) => (given.values[place] = value);
  return argumentField(form, argument.repeated ? { ...named, required: false } : named, { key: given.keyOf(place), value: given.values[place], set }, known);
}

function asJson(form, given) {
  return textArea(form, {
    key: "pub_args", label: "Arguments as JSON", value: given.text, code: true, rows: 3, wide: true,
    hint: 'a list is passed by position, as ["a", 5], an object by name, as {"name": "a"}',
    set: (text) => (given.text = text),
  });
}
