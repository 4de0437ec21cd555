/** Keys for the whole page; they rest while somebody types or a dialogue is open. */

import { NAVIGATION } from "./areas.js";
import { go } from "./router.js";
import { showHelp } from "./views/shell/help.js";

const SEQUENCE_MS = 1500;
const TYPING = "input, textarea, select, [contenteditable], [role=textbox]";

/** Listen; `view()` gives the view that is shown. */
export function listen(view) {
  const actions = {
    "/": search,
    n: () => go("/jobs/new"),
    r: () => view()?.reload(),
    "?": showHelp,
    ...Object.fromEntries(NAVIGATION.map(({ key, href }) => [`g ${key}`, () => go(href)])),
  };
  let before = "";
  let pressed = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && event.target.matches(TYPING)) event.target.blur();
    if (event.target.matches(TYPING) || document.querySelector(".modal.show")) return;
    const sequence = before && Date.now() - pressed < SEQUENCE_MS ? `${before} ${event.key}` : event.key;
    before = event.key === "g" ? "g" : "";
    pressed = Date.now();
    if (!actions[sequence]) return;
    event.preventDefault();
    actions[sequence]();
  });
}

function search() {
  const field = document.querySelector("[data-search]");
  if (!field) {
    go("/jobs");
    return;
  }
  field.focus();
  field.select?.();
}
