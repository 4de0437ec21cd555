/** What the views of files say alike. */

import { address } from "../../api.js";
import { html, nothing } from "../../lib.js";

/** The page's address of a file. */
export function pageOf(filename) {
  return `/files/${encodeURIComponent(filename)}`;
}

/** The path of a file below the API's root. */
export function pathOf(filename) {
  return `/files/${encodeURIComponent(filename)}`;
}

/** Where a browser gets a file to save it. */
export function downloadOf(filename) {
  return address(pathOf(filename));
}

/** The jobs that use a file, as links: the first `most`, and how many more there are. */
export function users(file, most) {
  const named = file.used_by.slice(0, most);
  const more = file.used_by_count - named.length;
  if (!named.length) return html`<span class="text-body-secondary">no job</span>`;
  return html`${named.map(
    (job, index) => html`${index ? ", " : nothing}<a href="/jobs/${job.job_id}">${job.name}</a>`,
  )}${more > 0 ? html` <span class="text-body-secondary">and ${more} more</span>` : nothing}`;
}

/** "1 job", "2 jobs". */
export function count(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
