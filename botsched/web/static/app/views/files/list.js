/** All data files: what they are, who uses them, and new ones by button or by dropping them. */

import { get } from "../../api.js";
import { bytes } from "../../bytes.js";
import { _, html, nothing } from "../../lib.js";
import { go } from "../../router.js";
import { asking } from "../../ui/busy.js";
import { confirm } from "../../ui/dialog.js";
import { emptyState } from "../../ui/empty.js";
import { icon } from "../../ui/icon.js";
import { setQuery } from "../../ui/query.js";
import { BaseView } from "../base.js";
import { deleteFile } from "./deleting.js";
import { droppedInto } from "./dropping.js";
import { askName } from "./naming.js";
import { ORDERS, table } from "./table.js";
import { Uploads } from "./uploads.js";
import { count, pageOf } from "./words.js";

export default class FilesView extends BaseView {
  get title() {
    return "Files";
  }

  start() {
    this.uploads = new Uploads();
    this.listenTo(this.uploads, "change", () => this.render());
    this.listenTo(this.uploads, "done", () => this.reload());
    this.dropping = droppedInto(document, (isOver) => this.over(isOver), asking((files) => this.upload(files)));
    return super.start();
  }

  remove() {
    this.uploads.stop();
    this.dropping.abort();
    return super.remove();
  }

  unsaved() {
    return this.uploads?.isActive ? "Files are still being uploaded; those that are not there yet are given up." : "";
  }

  load(signal) {
    return get("/files", {}, { signal });
  }

  concerns(event) {
    return event === "file" || event === "job";
  }

  content({ files }) {
    const shown = this.chosen(files);
    return html`<div class="page-head">
        <h1 class="page-title">${this.title}</h1>
        <div class="actions">
          <button type="button" class="btn btn-sm btn-outline-secondary" @click=${asking(() => this.begin())}>${icon("plus-lg")} New file</button>
          <button type="button" class="btn btn-sm btn-primary" @click=${choose}>${icon("upload")} Upload</button>
          <input type="file" multiple hidden @change=${asking((event) => this.picked(event.target))}>
        </div>
      </div>
      ${this.isOver ? html`<div class="drop-here mood-busy">${icon("upload")} Drop the files to upload them</div>` : nothing}
      ${this.uploads.template()}
      ${files.length ? this.filters(files, shown) : none()}
      ${shown.length ? table(shown, this.sort, (filename) => this.delete(filename)) : nothing}
      ${files.length && !shown.length ? emptyState("search", "No file of this name", "Search for a part of a name or of a description.") : nothing}`;
  }

  get sort() {
    const wanted = this.query.get("sort");
    return Object.hasOwn(ORDERS, wanted) ? wanted : "name";
  }

  chosen(files) {
    const text = (this.query.get("text") ?? "").toLowerCase();
    const found = files.filter((file) => `${file.filename}\n${file.description}`.toLowerCase().includes(text));
    return _.sortBy(found, ORDERS[this.sort].by);
  }

  filters(files, shown) {
    const some = shown.length === files.length ? count(files.length, "file") : `${shown.length} of ${count(files.length, "file")}`;
    return html`<div class="filters">
      <input type="search" class="form-control form-control-sm" data-search aria-label="Search files" placeholder="Search" .value=${this.query.get("text") ?? ""}
        @input=${(event) => setQuery({ text: event.target.value })}>
      <span class="text-body-secondary" role="status">${some}, ${bytes(shown.reduce((sum, file) => sum + file.size, 0))}</span>
    </div>`;
  }

  async delete(filename) {
    if (await deleteFile(filename)) await this.reload();
  }

  over(isOver) {
    if (isOver === this.isOver) return;
    this.isOver = isOver;
    this.render();
  }

  picked(input) {
    const files = [...input.files];
    input.value = "";
    return this.upload(files);
  }

  /** Send files; which of them take the place of others, the viewer decides. */
  async upload(files) {
    const there = new Set((this.data?.files ?? []).map((file) => file.filename));
    const taken = files.filter((file) => there.has(file.name));
    if (taken.length && !(await agreed(taken))) return;
    if (files.length) this.uploads.add(files);
  }

  async begin() {
    const filename = await askName(this.data.files.map((file) => file.filename));
    if (filename) go(`${pageOf(filename)}?new=1`);
  }
}

function none() {
  return emptyState("folder", "No files yet", html`Jobs read files by their name, for arguments of type <em>file</em>:
    a list of hosts, a template, a key. Upload some, drop them here, or write a new one.`);
}

function agreed(taken) {
  const one = taken.length === 1;
  return confirm({
    title: one ? "Replace this file?" : "Replace these files?",
    body: html`<p>${one ? "A file of this name is" : "Files of these names are"} there already. What ${one ? "it holds" : "they hold"} is lost.</p>
      <ul>${taken.map((file) => html`<li>${file.name}</li>`)}</ul>`,
    action: "Replace",
  });
}

/** The button stands for the hidden field behind it. */
function choose(event) {
  event.currentTarget.nextElementSibling.click();
}
