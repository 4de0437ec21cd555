/** Files as a table; on a phone, each is a card. */

import { bytes } from "../../bytes.js";
import { html, nothing, repeat } from "../../lib.js";
import { when } from "../../time.js";
import { asking } from "../../ui/busy.js";
import { icon } from "../../ui/icon.js";
import { setQuery } from "../../ui/query.js";
import { downloadOf, pageOf, users } from "./words.js";

/** By the word in the address: the heading, and what is sorted by. */
export const ORDERS = {
  name: { label: "Name", rises: true, by: (file) => file.filename.toLowerCase() },
  size: { label: "Size", by: (file) => -file.size, number: true },
  entries: { label: "Entries", by: (file) => -file.entries, number: true },
  changed: { label: "Changed", by: (file) => -Date.parse(file.modified_time) },
  use: { label: "Used by", by: (file) => -file.used_by_count },
};

/** `sort` is one of ORDERS; `remove(filename)` deletes a file. */
export function table(files, sort, remove) {
  return html`<div class="panel files-panel"><table class="table files">
    <thead><tr>${Object.entries(ORDERS).map(([name, order]) => heading(name, order, name === sort))}
      <th><span class="visually-hidden">Actions</span></th></tr></thead>
    <tbody>${repeat(files, (file) => file.filename, (file) => row(file, remove))}</tbody>
  </table></div>`;
}

function heading(name, { label, number, rises }, chosen) {
  return html`<th class=${number ? "number" : ""} aria-sort=${chosen ? (rises ? "ascending" : "descending") : nothing}>
    <button type="button" class="sort-button" @click=${() => setQuery({ sort: name === "name" ? "" : name })}>${label}${
      chosen ? icon(rises ? "chevron-up" : "chevron-down") : nothing}</button></th>`;
}

function row(file, remove) {
  return html`<tr>
    <td class="file-name"><a href=${pageOf(file.filename)}>${file.filename}</a>
      ${file.description ? html`<div class="text-body-secondary">${file.description}</div>` : nothing}</td>
    <td class="number">${bytes(file.size)}</td>
    <td class="number file-entries">${file.entries}</td>
    <td class="file-changed">${when(file.modified_time)}${file.user ? html` <span class="text-body-secondary">by ${file.user}</span>` : nothing}</td>
    <td class="file-users">${users(file, 3)}</td>
    <td class="file-acts">
      <a class="btn btn-icon" href=${downloadOf(file.filename)} download=${file.filename} aria-label="Download ${file.filename}" title="Download">${icon("download")}</a>
      <button type="button" class="btn btn-icon" aria-label="Delete ${file.filename}" title="Delete"
        @click=${asking(() => remove(file.filename))}>${icon("trash")}</button>
    </td>
  </tr>`;
}
