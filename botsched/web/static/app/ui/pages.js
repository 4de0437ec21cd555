/** Steps through a list that knows how long it is; the page stands in the address. */

import { html } from "../lib.js";
import { icon } from "./icon.js";
import { addressWith } from "./query.js";

const NUMBERS = new Intl.NumberFormat("en");

/** A count as people write it: "12,345". */
export function count(number) {
  return NUMBERS.format(number);
}

/** `page` from 1 on, of lists of `size` rows, `total` in all; `what` names several of them. */
export function pages({ page, size, total, what }) {
  const last = Math.max(1, Math.ceil(total / size));
  const from = (page - 1) * size + 1;
  const to = Math.min(page * size, total);
  const shown = last === 1 ? `${count(total)} ${what}` : `${count(from)}–${count(to)} of ${count(total)} ${what}`;
  return html`<nav class="pager" aria-label="Pages">
    <span class="text-body-secondary" role="status">${shown}</span>
    ${last === 1 ? "" : html`<span class="btn-group">
      ${step("First", 1, page > 1)}
      ${step(html`${icon("chevron-left")} Back`, page - 1, page > 1)}
      ${step(html`Next ${icon("chevron-right")}`, page + 1, page < last)}
      ${step("Last", last, page < last)}
    </span>`}
  </nav>`;
}

function step(label, page, possible) {
  const look = "btn btn-sm btn-outline-secondary";
  if (!possible) return html`<span class="${look} disabled" aria-disabled="true">${label}</span>`;
  return html`<a class=${look} href=${addressWith({ page: page === 1 ? "" : page })}>${label}</a>`;
}
