/** Controls that take the name of something the server knows: a data file, a secret. */

import { html, nothing } from "../../../lib.js";
import { icon } from "../../../ui/icon.js";
import { select } from "./common.js";

export function fileSelect(form, options, { files }) {
  const upload = html`<a class="beside" href="/files" target="_blank">${icon("upload")} Upload a file</a>`;
  return named(form, options, files, "There is no data file yet", upload);
}

export function secretSelect(form, options, { secrets, secretsFault }) {
  const told = secretsFault ? html`<div class="field-fault">${secretsFault}</div>` : nothing;
  const hint = [options.hint, "a name of the secrets file; jobs get the value, nobody sees it"].filter(Boolean).join("; ");
  return named(form, { ...options, hint }, secrets, "There is no secret yet", told);
}

function named(form, options, names, none, extra) {
  const { value, required } = options;
  const choices = [["", names.length ? (required ? "Choose…" : "None") : none], ...names.map((name) => [name, name])];
  if (value !== undefined && value !== null && !names.includes(value)) choices.push([String(value), `${value} (not there)`]);
  const set = (name) => options.set(name === "" ? undefined : name);
  return select(form, { ...options, value: String(value ?? ""), choices, set, extra });
}
