/** Name, tags and notes of a job. */

import { html } from "../../lib.js";
import { textArea, textInput } from "./fields/common.js";

export function basics(form) {
  const { draft } = form;
  return html`<section class="panel" aria-label="About">
    <div class="form-grid">
      ${textInput(form, { key: "name", label: "Name", value: draft.name, required: true, double: true, placeholder: "Nightly backup", set: (text) => (draft.name = text) })}
      ${textInput(form, { key: "tags", label: "Tags", value: draft.tags, hint: "with commas between them", list: "tags", set: (text) => (draft.tags = text) })}
      ${textArea(form, { key: "notes", label: "Notes", value: draft.notes, rows: 2, wide: true, hint: "what it is for, and what to do when it fails", set: (text) => (draft.notes = text) })}
    </div>
    <datalist id="tags">${form.data.tags.map((tag) => html`<option value=${tag}></option>`)}</datalist>
  </section>`;
}
