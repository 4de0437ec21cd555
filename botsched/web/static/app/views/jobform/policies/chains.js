/** Jobs that run after this one, found by name. */

import { get } from "../../../api.js";
import { _, html, live, nothing } from "../../../lib.js";
import { icon } from "../../../ui/icon.js";
import { shortClass } from "../../jobs/parts.js";
import { faultBelow, idOf } from "../fields/common.js";

const TYPING_MS = 250;
const MOST_FOUND = 8;
const WORDS = { then_run: "After a success, run", on_failure_run: "After the last failure, run" };

export function chains(form) {
  return Object.keys(WORDS).map((key) => chain(form, key));
}

function chain(form, key) {
  const chosen = form.draft.rules[key] ?? [];
  const search = (form.searches[key] ??= new Search(() => form.render()));
  const put = (ids) => {
    form.draft.rules[key] = ids.length ? ids : null;
    search.clear();
    form.changed(key);
  };
  const offered = search.found.filter(({ job_id }) => job_id !== form.params.id && !chosen.includes(job_id));
  return html`<div class="form-field is-wide">
    <label class="form-label" for=${idOf(key)}>${WORDS[key]}</label>
    ${chosen.length ? html`<ul class="chosen">${chosen.map((id) => html`<li>${form.names.get(id) ?? id}
      <button type="button" class="btn-close" aria-label="Remove ${form.names.get(id) ?? id}" @click=${() => put(chosen.filter((each) => each !== id))}></button></li>`)}</ul>` : nothing}
    <input type="search" id=${idOf(key)} class="form-control form-control-sm" placeholder="Search jobs by name" autocomplete="off"
      .value=${live(search.text)} aria-invalid=${form.faultOf(key) ? "true" : nothing} @input=${(event) => search.type(event.target.value)}>
    ${offered.length ? html`<ul class="class-list" aria-label="Jobs that were found">${offered.map((job) => html`<li><button type="button" class="class-offer"
      @click=${() => { form.names.set(job.job_id, job.name); put([...chosen, job.job_id]); }}>${icon("plus-lg")} ${job.name}
      <span class="sub">${shortClass(job.job_class_string)}</span></button></li>`)}</ul>` : nothing}
    ${faultBelow(form, key)}
  </div>`;
}

/** A search for jobs while somebody types; `changed()` is called with each answer. */
class Search {
  constructor(changed) {
    this.changed = changed;
    this.clear();
    this.look = _.debounce(() => this.ask(), TYPING_MS);
  }

  clear() {
    Object.assign(this, { text: "", found: [] });
  }

  type(text) {
    this.text = text;
    this.look();
  }

  async ask() {
    const { text } = this;
    const found = text.trim() ? (await get("/jobs", { text: text.trim(), limit: MOST_FOUND }).catch(() => ({ jobs: [] }))).jobs : [];
    if (text !== this.text) return;
    this.found = found;
    this.changed();
  }
}
