/** One data file: what it says, to be read and edited; who uses it. */

import { get, put } from "../../api.js";
import { bytes } from "../../bytes.js";
import { html, nothing } from "../../lib.js";
import { go } from "../../router.js";
import { when } from "../../time.js";
import { asking } from "../../ui/busy.js";
import { emptyState } from "../../ui/empty.js";
import { icon } from "../../ui/icon.js";
import { tell } from "../../ui/toast.js";
import { BaseView } from "../base.js";
import { conflict } from "./conflict.js";
import { deleteFile } from "./deleting.js";
import { Draft } from "./draft.js";
import { editor } from "./editor.js";
import { downloadOf, pageOf, pathOf, users } from "./words.js";

export default class FileView extends BaseView {
  get title() {
    return this.params.id;
  }

  unsaved() {
    return this.draft?.isChanged ? "What you changed in this file is not saved." : "";
  }

  concerns(event) {
    return event === "file" || event === "job";
  }

  async load(signal) {
    const file = (await this.isThere(signal))
      ? await get(pathOf(this.title), { format: "json" }, { signal })
      : { filename: this.title, text: "", version: "", complete: true };
    if (!this.draft?.isChanged && this.draft?.version !== file.version) this.draft = new Draft(file);
    return file;
  }

  /** A new file, and one that went while it was edited, need not be there. */
  async isThere(signal) {
    if (!this.query.has("new") && !this.draft?.isChanged) return true;
    const { files } = await get("/files", {}, { signal });
    return files.some((file) => file.filename === this.title);
  }

  content(file) {
    const exists = file.version !== "";
    return html`<div class="page-head">
        <h1 class="page-title"><a href="/files">Files</a> <span class="text-body-secondary">/</span> ${this.title}</h1>
        ${exists ? this.acts() : nothing}
      </div>
      ${exists ? facts(file) : nothing}
      ${this.draft.isChanged && this.draft.version !== file.version ? conflict(file, this) : nothing}
      ${this.body(file)}`;
  }

  acts() {
    return html`<div class="actions">
      <a class="btn btn-sm btn-outline-secondary" href=${downloadOf(this.title)} download=${this.title}>${icon("download")} Download</a>
      <button type="button" class="btn btn-sm btn-outline-danger" @click=${asking(() => this.delete())}>${icon("trash")} Delete</button>
    </div>`;
  }

  body(file) {
    if (file.text === null) {
      return emptyState("file-earmark", "This is not text", "Only text in UTF-8 is shown here. Download the file to look into it.");
    }
    if (!file.complete) {
      return html`<div class="alert alert-info" role="status">This is the beginning: the first ${bytes(512 * 1024)} of ${bytes(file.size)}.
          A file of this size is edited elsewhere: download it, and upload it again.</div>
        <pre class="panel file-beginning" tabindex="0" aria-label="The beginning of ${this.title}">${file.text}</pre>`;
    }
    return editor(this.draft, {
      name: this.title,
      isNew: file.version === "",
      changed: () => this.render(),
      save: () => this.save(),
      revert: () => this.revert(),
    });
  }

  async save() {
    const { draft } = this;
    const text = draft.text;
    try {
      const { version } = await put(pathOf(this.title), { text: draft.written, version: draft.version });
      draft.savedAs(text, version);
      tell(`${this.title} was saved.`);
    } catch (error) {
      if (error.status !== 409) throw error; // a conflict is told above the text
    }
    if (this.query.has("new")) go(pageOf(this.title), { replace: true });
    else await this.reload();
  }

  /** Save over what somebody else wrote, which the viewer has seen. */
  async overwrite() {
    this.draft.version = this.data.version;
    await this.save();
  }

  /** Forget what was changed, and show what is there. */
  revert() {
    this.draft = new Draft(this.data);
    this.render();
  }

  async delete() {
    if (!(await deleteFile(this.title))) return;
    this.revert();
    go("/files");
  }
}

function facts(file) {
  return html`<dl class="file-facts">
    <div><dt>Size</dt><dd>${bytes(file.size)}</dd></div>
    <div><dt>Entries</dt><dd>${file.entries}</dd></div>
    <div><dt>Changed</dt><dd>${when(file.modified_time)}${file.user ? html` by ${file.user}` : nothing}</dd></div>
    <div><dt>Used by</dt><dd>${users(file, 10)}</dd></div>
  </dl>`;
}
