/** Icons of one SVG file; they are decoration, the words beside them say the same. */

import { svg, html } from "../lib.js";

const SPRITE = new URL("../../vendor/bootstrap-icons/icons.svg", import.meta.url).pathname;

/** An icon by its name in requirements/vendor.toml. */
export function icon(name, extra = "") {
  return html`<svg class="icon ${extra}" aria-hidden="true" focusable="false">${svg`<use href="${SPRITE}#${name}"></use>`}</svg>`;
}
