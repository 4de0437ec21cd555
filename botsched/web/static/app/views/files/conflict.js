/** Two people changed one file: the second is told, and decides. */

import { html, nothing } from "../../lib.js";
import { when } from "../../time.js";
import { busily } from "../../ui/busy.js";

/** `file` is what is there now; `view` holds what the viewer wrote. */
export function conflict(file, view) {
  const gone = file.version === "";
  return html`<div class="alert alert-warning" role="alert">
    <p>${gone ? html`<strong>This file was deleted while you edited it.</strong>` : changed(file)} What you wrote is still below.</p>
    ${file.text ? html`<details><summary>What is there now</summary><pre class="theirs" tabindex="0">${file.text}</pre></details>` : nothing}
    <div class="conflict-acts">
      <button type="button" class="btn btn-sm btn-danger" @click=${busily(() => view.overwrite())}>${gone ? "Write it anew" : "Overwrite it with mine"}</button>
      <button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => view.revert()}>Discard mine</button>
    </div>
  </div>`;
}

function changed(file) {
  return html`<strong>${file.user || "Somebody"} changed this file ${when(file.modified_time)}, while you edited it.</strong>`;
}
