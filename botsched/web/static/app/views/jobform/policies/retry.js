/** How a run that fails is made again. */

import { html, nothing } from "../../../lib.js";
import { duration } from "../../../time.js";
import { check, faultBelow, textInput } from "../fields/common.js";
import { durationInput } from "../fields/duration.js";

const USUAL = { attempts: 3, delay: 60, factor: 2, max_delay: 3600, jitter: 0.1 };
const SHOWN = 5;

export function retry(form) {
  const { rules } = form.draft;
  return html`${check(form, { key: "retry", label: "Run it again when it fails", value: rules.retry, set: (on) => (rules.retry = on ? { ...USUAL } : null) })}
    ${rules.retry ? attempts(form, rules.retry) : nothing}${faultBelow(form, "retry")}`;
}

function attempts(form, values) {
  const number = (name, label, options) => textInput(form, { key: `retry.${name}`, label, type: "number", value: values[name], set: (text) => (values[name] = Number(text)), ...options });
  const wait = (name, label) => durationInput(form, { key: `retry.${name}`, label, value: values[name], set: (seconds) => (values[name] = seconds ?? 0) });
  return html`<div class="form-grid">
      ${number("attempts", "Attempts in all", { min: 2, max: 100, step: 1 })}
      ${wait("delay", "Wait before the second")}
      ${number("factor", "Each further wait longer by the factor", { min: 1, step: "any" })}
      ${wait("max_delay", "Wait at most")}
      ${number("jitter", "Longer by chance, at most by this share", { min: 0, max: 1, step: "any", hint: "0.1 is a tenth" })}
    </div><p class="form-text">Waits: ${waits(values)}.</p>`;
}

function waits({ attempts: number, delay, factor, max_delay: longest }) {
  const count = Math.min(number - 1, SHOWN);
  const each = Array.from({ length: Math.max(0, count) }, (_, index) => duration(Math.min(delay * factor ** index, longest)));
  return `${each.join(", ")}${number - 1 > SHOWN ? ", …" : ""}`;
}
