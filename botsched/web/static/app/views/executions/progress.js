/** How far a run is, as its job says. */

import { html, nothing } from "../../lib.js";

/** A bar with words, while it runs; and afterwards when it stopped half-way. */
export function progress(run, { small = false } = {}) {
  const { progress: part, progress_text: words } = run;
  const isOver = run.ended_time !== null;
  if ((part === null && !words) || (isOver && (part === 1 || run.state === "succeeded"))) return nothing;
  const percent = part === null ? null : Math.floor(100 * part);
  const said = [words, percent === null ? null : `${percent} %`].filter(Boolean).join(", ");
  return html`<div class="run-progress ${small ? "is-small" : ""}">
    ${percent === null ? nothing : html`<progress class="run-bar" max="100" value=${percent} aria-label="Progress">${percent} %</progress>`}
    <span class="run-progress-text">${isOver ? `It got to: ${said}` : said}</span>
  </div>`;
}
