/** Steps through a list that the server gives page by page. */

import { html } from "../lib.js";
import { icon } from "./icon.js";
import { setQuery } from "./query.js";

/** `next`: the answer's `next_cursor`; the browser's own history leads back. */
export function pager({ query, next, words = "" }) {
  return html`<nav class="pager" aria-label="Pages">
    <span class="text-body-secondary">${words}</span>
    <span class="btn-group">
      <button type="button" class="btn btn-sm btn-outline-secondary" ?disabled=${!query.has("cursor")}
        @click=${() => setQuery({ cursor: "" }, { replace: false })}>First</button>
      <button type="button" class="btn btn-sm btn-outline-secondary" ?disabled=${!query.has("cursor")}
        @click=${() => history.back()}>${icon("chevron-left")} Back</button>
      <button type="button" class="btn btn-sm btn-outline-secondary" ?disabled=${!next}
        @click=${() => setQuery({ cursor: next }, { replace: false, keepCursor: true })}>Next ${icon("chevron-right")}</button>
    </span>
  </nav>`;
}
