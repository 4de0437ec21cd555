/** Faults that the server found, by key, and where they stand in the form. */

import { idOf } from "./fields/common.js";

/** Whether a fault belongs to a key, or to a part of it. */
export function isOf(name, key) {
  return name === key || name.startsWith(`${key}.`) || name.startsWith(`${key}[`);
}

const SENSELESS = /^rule (\d+): (\w+): (.*)$/s;
const MISSHAPEN = /^.* in which (\w+) is (.*) \(rule (\d+)\)$/s;

/** The same faults, with the one of a mail rule under the key of its field, which the words name. */
export function placed(faults) {
  const { mail, ...others } = faults;
  const [, number, name, words] = SENSELESS.exec(mail ?? "") ?? [];
  if (name) return { ...others, [`mail[${number - 1}].${name}`]: words };
  const [, key, accepted, rule] = MISSHAPEN.exec(mail ?? "") ?? [];
  return key ? { ...others, [`mail[${rule - 1}].${key}`]: `give ${accepted}` } : faults;
}

/** Those that no field shows. */
export function unplaced(errors, element) {
  return Object.entries(errors).filter(([key]) => !element.querySelector(`#${idOf(key)}-fault`) && !(isOf(key, "pub_args") && element.querySelector("#f-pub_args-fault")));
}

/** Bring the first field that has a fault before the eyes; all that are folded away are unfolded. */
export function focusFirstFault(element) {
  const fault = element.querySelector(".field-fault[id]");
  const control = element.querySelector('[aria-invalid="true"]');
  for (const each of element.querySelectorAll('.field-fault[id], [aria-invalid="true"]')) unfold(each);
  if (control) control.focus();
  fault?.scrollIntoView({ block: "center" });
}

function unfold(element) {
  for (let each = element.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
}
