/** Faults that the server found, by key, and where they stand in the form. */

import { idOf } from "./fields/common.js";

/** Whether a fault belongs to a key, or to a part of it. */
export function isOf(name, key) {
  return name === key || name.startsWith(`${key}.`) || name.startsWith(`${key}[`);
}

/** Those that no field shows. */
export function unplaced(errors, element) {
  return Object.entries(errors).filter(([key]) => !element.querySelector(`#${idOf(key)}-fault`) && !(isOf(key, "pub_args") && element.querySelector("#f-pub_args-fault")));
}

/** Bring the first field that has a fault before the eyes; all that are folded away are unfolded. */
export function focusFirstFault(element) {
  const fault = element.querySelector(".field-fault[id]");
  const control = element.querySelector('[aria-invalid="true"]');
  for (const each of element.querySelectorAll('.field-fault[id], [aria-invalid="true"]')) each.closest("details")?.setAttribute("open", "");
  if (control) control.focus();
  fault?.scrollIntoView({ block: "center" });
}
