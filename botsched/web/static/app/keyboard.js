/** Keys for the whole page; they rest while somebody types or a dialogue is open. */

import { NAVIGATION } from "./areas.js";
import { go } from "./router.js";
import { showHelp } from "./views/shell/help.js";

const SEQUENCE_MS = 1500;
const WAIT_MS = 5000;
const LOOK_MS = 50;
const TYPING = "input, textarea, select, [contenteditable], [role=textbox]";

/** Listen; the router knows the view that is shown. */
export function listen(router) {
  let searching = false;
  const actions = {
    "/": async () => {
      searching = true;
      await search(router);
      searching = false;
    },
    n: () => go("/jobs/new"),
    r: () => router.view?.reload(),
    "?": showHelp,
    ...Object.fromEntries(NAVIGATION.map(({ key, href }) => [`g ${key}`, () => go(href)])),
  };
  let before = "";
  let pressed = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && event.target.matches(TYPING)) event.target.blur();
    if (event.target.matches(TYPING) || document.querySelector(".modal.show")) return;
    if (searching && event.key.length === 1) {
      event.preventDefault(); // meant for the field that is about to come
      return;
    }
    const sequence = before && Date.now() - pressed < SEQUENCE_MS ? `${before} ${event.key}` : event.key;
    before = event.key === "g" ? "g" : "";
    pressed = Date.now();
    if (!actions[sequence]) return;
    event.preventDefault();
    actions[sequence]();
  });
}

/** Into the view's search field, as soon as the view has loaded; without one, into that of the jobs. */
async function search(router) {
  await loaded(router);
  if (!field()) {
    go("/jobs");
    await pause();
    await loaded(router);
  }
  field()?.focus();
  field()?.select?.();
}

async function loaded(router) {
  const end = Date.now() + WAIT_MS;
  while (router.isLoading() && Date.now() < end) await pause();
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

function field() {
  return document.querySelector("[data-search]");
}
