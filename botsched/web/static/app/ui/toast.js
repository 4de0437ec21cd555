/** Short messages that come and go; the important ones stay until they are closed. */

import { bootstrap, html, render } from "../lib.js";
import { icon } from "./icon.js";

const STAY_MS = 6000;

/** Tell that something was done. `action` is an optional `{label, run}`, such as an undo. */
export function tell(message, action) {
  show(message, "good", "check-circle-fill", action);
}

/** Tell what went wrong: an Error or a text. */
export function complain(error) {
  if (error instanceof Error && error.status === undefined) console.error(error);
  show(error.message ?? error, "bad", "x-circle-fill");
}

function show(message, mood, iconName, action) {
  const element = document.createElement("div");
  element.className = `toast mood-${mood}`;
  element.setAttribute("role", mood === "bad" ? "alert" : "status");
  element.setAttribute("aria-atomic", "true");
  const toast = new bootstrap.Toast(element, { autohide: mood !== "bad", delay: STAY_MS });
  const act = async () => {
    toast.hide();
    try {
      await action.run();
    } catch (error) {
      complain(error);
    }
  };
  render(html`<div class="toast-body">
    ${icon(iconName)}<span class="toast-text">${message}</span>
    ${action ? html`<button type="button" class="btn btn-sm btn-link" @click=${act}>${action.label}</button>` : ""}
    <button type="button" class="btn-close" aria-label="Close" @click=${() => toast.hide()}></button>
  </div>`, element);
  element.addEventListener("hidden.bs.toast", () => element.remove());
  document.getElementById("toasts").append(element);
  toast.show();
}
