/** One line of an output. */

import { html, nothing } from "../../../lib.js";
import { absolute } from "../../../time.js";
import { lookOf } from "./look.js";

export const LONGEST_SHOWN = 4000; // letters; a line of a megabyte would stop the browser

/** `pattern`: a regular expression with the flag g, whose matches are marked. */
export function row(lines, line, { pattern, stamps, isChosen, isFound }) {
  const classes = `output-line is-${lines.streamOf(line)}${isChosen ? " is-chosen" : ""}${isFound ? " is-found" : ""}`;
  return html`<div class=${classes} data-line=${line + 1}>
    <a class="output-number" href="#L${line + 1}" tabindex="-1" aria-label="Line ${line + 1}">${line + 1}</a>
    ${stamps ? html`<time class="output-stamp">${clock(lines.timeOf(line))}</time>` : nothing}
    <span class="output-stream" title=${lines.streamOf(line) === "err" ? "Standard error" : nothing}>${
      lines.streamOf(line) === "err" ? html`<span aria-hidden="true">!</span><span class="visually-hidden">error output: </span>` : nothing}</span>
    <span class="output-text">${text(lines, line, pattern)}${rest(lines, line)}</span>
  </div>`;
}

function clock(time) {
  return absolute(time).slice(11);
}

function text(lines, line, pattern) {
  return lines.runsOf(line, LONGEST_SHOWN).map((run) => {
    const shown = pattern ? marked(run.text, pattern) : run.text;
    if (Object.keys(run.look).length === 0) return shown;
    const { classes, style } = lookOf(run.look);
    return html`<span class=${classes} .style=${style}>${shown}</span>`;
  });
}

function marked(text, pattern) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(from, match.index), html`<mark>${match[0]}</mark>`);
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

function rest(lines, line) {
  const more = lines.lengthOf(line) - LONGEST_SHOWN;
  if (more <= 0) return nothing;
  return html`<span class="output-rest"> … ${more.toLocaleString("en")} more characters in the download</span>`;
}
