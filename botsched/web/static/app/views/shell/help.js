/** The keys that the page knows. */

import { NAVIGATION } from "../../areas.js";
import { html } from "../../lib.js";
import { openDialog } from "../../ui/dialog.js";

const KEYS = [
  ["/", "Search in this view"],
  ["n", "New job"],
  ["r", "Load anew"],
  ["?", "This help"],
  ["Esc", "Close, or leave a field"],
];

export function showHelp() {
  const places = NAVIGATION.map(({ key, label }) => [`g ${key}`, label]);
  return openDialog({
    title: "Keyboard",
    body: () => html`<table class="table keys"><tbody>${[...KEYS, ...places].map(line)}</tbody></table>`,
  });
}

function line([keys, words]) {
  return html`<tr><th scope="row">${keys.split(" ").map((key) => html`<kbd>${key}</kbd> `)}</th><td>${words}</td></tr>`;
}
