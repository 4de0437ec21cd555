/** Buttons that show that work is going on, and cannot be pressed twice. */

import { complain } from "./toast.js";

/** A click handler: runs `work(event)` with the button shown busy; errors are told in a toast. */
export function busily(work) {
  return async (event) => {
    const button = event.currentTarget;
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    button.setAttribute("aria-disabled", "true");
    try {
      await work(event);
    } catch (error) {
      complain(error);
    } finally {
      button.removeAttribute("aria-busy");
      button.removeAttribute("aria-disabled");
    }
  };
}

/** A click handler for what asks in a dialogue first, so that the button is not busy; errors are told. */
export function asking(work) {
  return async (event) => {
    try {
      await work(event);
    } catch (error) {
      complain(error);
    }
  };
}
