/** A plain editor for a text. */

import { html, live, nothing } from "../../lib.js";
import { busily } from "../../ui/busy.js";

/** `draft` is what is edited; `changed`, `save` and `revert` are called when the viewer does so. */
export function editor(draft, { name, isNew, changed, save, revert }) {
  const written = (event) => {
    draft.text = event.target.value;
    changed();
  };
  const saved = busily(save);
  const mayBeSaved = draft.isChanged || isNew;
  return html`<form class="editor" @submit=${(event) => event.preventDefault()}>
    <textarea class="form-control editor-text" aria-label="Content of ${name}" spellcheck="false" autocapitalize="off" autocomplete="off"
      .value=${live(draft.text)} @input=${written} @keydown=${(event) => mayBeSaved && isSaving(event) && saved(event)}></textarea>
    <div class="editor-foot">
      <span class="text-body-secondary">${lines(draft.text)}${draft.hasPairs ? ", lines end with CR LF" : nothing}</span>
      ${draft.hasMixedEnds ? html`<span class="mood-warn editor-note">Lines end in different ways; saved, all end with LF.</span>` : nothing}
      ${draft.isChanged ? html`<span class="mood-warn editor-note" role="status">Not saved yet</span>` : nothing}
      <span class="editor-acts">
        <button type="button" class="btn btn-sm btn-outline-secondary" ?disabled=${!draft.isChanged} @click=${revert}>Revert</button>
        <button type="button" class="btn btn-sm btn-primary" title="Ctrl+S" ?disabled=${!mayBeSaved} @click=${saved}>Save</button>
      </span>
    </div>
  </form>`;
}

function isSaving(event) {
  const pressed = (event.ctrlKey || event.metaKey) && event.key === "s";
  if (pressed) event.preventDefault();
  return pressed;
}

function lines(text) {
  const number = text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return `${number} line${number === 1 ? "" : "s"}`;
}
