/** The bar above an output: what is shown of it, search, and where it can be taken. */

import { html, nothing } from "../../../lib.js";
import { busily } from "../../../ui/busy.js";
import { icon } from "../../../ui/icon.js";

const STREAMS = [["", "All"], ["out", "Output"], ["err", "Errors"]];

/** `it`: the viewer, whose methods the controls call. */
export function bar(it) {
  return html`<div class="output-bar" role="toolbar" aria-label="Output">
    <div class="btn-group btn-group-sm" role="group" aria-label="Streams">
      ${STREAMS.map(([stream, label]) => html`<button type="button" class="btn btn-outline-secondary"
        aria-pressed=${it.selection.stream === stream ? "true" : "false"} @click=${() => it.select(stream)}>${label}</button>`)}
    </div>
    ${searching(it)}
    <span class="output-switches">
      ${toggle("Wrap", "Wrap long lines", it.isWrapped, () => it.toggle("wrap"))}
      ${toggle("Times", "Show when each line was printed", it.hasStamps, () => it.toggle("stamps"))}
      ${toggle("Follow", "Stay at the end", it.follows, () => it.follow(!it.follows))}
      <button type="button" class="btn btn-sm btn-icon" title="Copy what is shown" aria-label="Copy what is shown"
        @click=${busily(() => it.copy())}>${icon("clipboard")}</button>
      <a class="btn btn-sm btn-icon" download href=${it.fileAddress} title="Download" aria-label="Download">${icon("download")}</a>
    </span>
  </div>`;
}

function toggle(label, title, isOn, act) {
  return html`<button type="button" class="btn btn-sm btn-outline-secondary" title=${title}
    aria-pressed=${isOn ? "true" : "false"} @click=${act}>${label}</button>`;
}

function searching(it) {
  const { search } = it;
  const keys = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    it.step(event.shiftKey ? -1 : 1);
  };
  return html`<span class="output-search">
    <input type="search" class="form-control form-control-sm" placeholder="Search the output" aria-label="Search the output"
      data-search maxlength="200" @input=${(event) => it.seek(event.target.value)} @keydown=${keys}>
    <span class="output-count" role="status">${search.pattern ? count(search) : nothing}</span>
    <button type="button" class="btn btn-sm btn-icon" aria-label="Previous match" title="Previous match (Shift+Enter)"
      ?disabled=${!search.found.length} @click=${() => it.step(-1)}>${icon("chevron-up")}</button>
    <button type="button" class="btn btn-sm btn-icon" aria-label="Next match" title="Next match (Enter)"
      ?disabled=${!search.found.length} @click=${() => it.step(1)}>${icon("chevron-down")}</button>
  </span>`;
}

function count({ found, current, isSearching }) {
  const lines = `${found.length.toLocaleString("en")}${isSearching ? "+" : ""}`;
  if (current >= 0) return `${(current + 1).toLocaleString("en")} of ${lines}`;
  return found.length === 1 ? "1 line" : `${lines} lines`;
}
