/** Filters, order and place in a list live in the address, so that every view can be shared. */

import { go } from "../router.js";

/** Change parameters of the present address; an empty value takes one away. A page begins anew. */
export function setQuery(changes, { replace = true, keepCursor = false } = {}) {
  go(addressWith(changes, { keepCursor }), { replace });
}

/** The present address with other parameters, for a link. */
export function addressWith(changes, { keepCursor = false } = {}) {
  const query = new URLSearchParams(location.search);
  if (!keepCursor) query.delete("cursor");
  for (const [name, value] of Object.entries(changes)) {
    if (value === "" || value === null || value === undefined) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return `${location.pathname}${text ? `?${text}` : ""}`;
}
