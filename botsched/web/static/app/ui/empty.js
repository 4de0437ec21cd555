/** What stands where there is nothing to show, and says what to do about it. */

import { html, nothing } from "../lib.js";
import { icon } from "./icon.js";

export function emptyState(iconName, heading, text, action = nothing) {
  return html`<div class="empty">
    ${icon(iconName, "empty-icon")}
    <h2>${heading}</h2>
    <p>${text}</p>
    ${action}
  </div>`;
}
