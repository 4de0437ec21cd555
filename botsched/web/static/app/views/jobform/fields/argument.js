/** The control for one argument, by what its type means. A value is as JSON has it, undefined for none. */

import { html } from "../../../lib.js";
import { select, textArea, textInput } from "./common.js";
import { fileSelect, secretSelect } from "./names.js";

/** `options` of a control for an argument: its key, its value, and `set(value)`. */
export function argumentField(form, argument, options, known) {
  const control = CONTROLS[argument.kind] ?? anything;
  return control(form, { ...describing(argument), ...options }, argument, known);
}

/** Whether the control can show this value without loss. */
export function fits(argument, value) {
  if (value === undefined || value === null) return true;
  if (argument.kind === "list") return Array.isArray(value) ? value.every((each) => typeof each === "string") : typeof value === "string";
  if (argument.kind === "any") return true;
  return typeof value !== "object";
}

function describing({ name, description, required, kind, type, default: usual }) {
  const without = required === true || usual === null || usual === undefined ? "" : `left empty: ${JSON.stringify(usual)}`;
  return {
    label: name ?? (description || type),
    hint: [name ? description : "", kind === "list" ? "one on each line" : "", without].filter(Boolean).join("; "),
    required: required !== false,
    placeholder: usual === null || usual === undefined ? "" : shown(usual),
  };
}

function shown(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function text(form, options, argument) {
  const set = (typed) => options.set(typed === "" ? undefined : typed);
  const given = { ...options, value: asText(options.value), set };
  return argument.multiline ? textArea(form, { ...given, wide: true }) : textInput(form, given);
}

/** What is no number goes as it was typed: the server says what is wrong with it. */
function number(form, options) {
  const set = (typed) => options.set(typed.trim() === "" ? undefined : asNumber(typed));
  return textInput(form, { ...options, value: asText(options.value), set });
}

function asNumber(typed) {
  const value = Number(typed);
  return Number.isFinite(value) ? value : typed;
}

function yesOrNo(form, options, { required, default: usual }) {
  const value = options.value === undefined || options.value === null ? "" : String(options.value);
  const none = required === true ? "Choose…" : `As usual${typeof usual === "boolean" ? ` (${usual ? "yes" : "no"})` : ""}`;
  const choices = [["", none], ["true", "yes"], ["false", "no"]];
  if (!["", "true", "false"].includes(value)) choices.push([value, value]);
  return select(form, { ...options, value, choices, set: (word) => options.set(word === "" ? undefined : word === "true") });
}

function choice(form, options, { choices, required, default: usual }) {
  const index = choices.findIndex((each) => each === options.value || String(each) === options.value);
  const none = required === true ? "Choose…" : `As usual${usual === null ? "" : ` (${usual})`}`;
  const listed = [["", none], ...choices.map((each, place) => [String(place), String(each)])];
  const strange = index < 0 && options.value !== undefined && options.value !== null;
  if (strange) listed.push(["strange", `${shown(options.value)} (none of the choices)`]);
  const set = (place) => place !== "strange" && options.set(place === "" ? undefined : choices[Number(place)]);
  return select(form, { ...options, value: strange ? "strange" : index < 0 ? "" : String(index), choices: listed, set });
}

function list(form, options) {
  const value = Array.isArray(options.value) ? options.value.join("\n") : asText(options.value);
  const set = (typed) => {
    const lines = typed.split("\n");
    options.set(typed.trim() === "" ? undefined : lines);
  };
  const placeholder = options.placeholder.replace(/^\["|"\]$/g, "");
  return textArea(form, { ...options, placeholder, value, set, rows: Math.min(8, Math.max(2, value.split("\n").length)) });
}

/** JSON; what is none is taken as a text. */
function anything(form, options, { multiline }) {
  const set = (typed) => options.set(typed === "" ? undefined : parsed(typed));
  const hint = html`${options.hint ? `${options.hint}; ` : ""}JSON, or a text`;
  const value = written(options.value, multiline ? 2 : 0);
  const given = { ...options, value, hint, code: true, set };
  return multiline ? textArea(form, { ...given, wide: true, rows: Math.min(12, Math.max(3, value.split("\n").length)) }) : textInput(form, given);
}

function parsed(typed) {
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}

function written(value, indent) {
  if (value === undefined) return "";
  return typeof value === "string" && typeof parsed(value) === "string" && !value.startsWith('"') ? value : JSON.stringify(value, null, indent);
}

function asText(value) {
  return value === undefined || value === null ? "" : shown(value);
}

const CONTROLS = {
  string: text,
  number,
  integer: number,
  boolean: yesOrNo,
  choice,
  list,
  file: (form, options, argument, known) => fileSelect(form, options, known),
  secret: (form, options, argument, known) => secretSelect(form, options, known),
};
