/** The form for a job: a new one, a copy of one, or one that is changed. */

import { get, post, put } from "../../api.js";
import { html, nothing } from "../../lib.js";
import { go } from "../../router.js";
import { session } from "../../session.js";
import { busily } from "../../ui/busy.js";
import { complain, tell } from "../../ui/toast.js";
import { BaseView } from "../base.js";
import { basics } from "./basics.js";
import { conflict } from "./conflict.js";
import { Draft } from "./draft.js";
import { focusFirstFault, isOf, placed, unplaced } from "./faults.js";
import { known } from "./known.js";
import { policySection } from "./policies/section.js";
import { Preview, previewPanel } from "./schedules/preview.js";
import { scheduleSection } from "./schedules/section.js";
import { whatSection } from "./what.js";

export default class JobFormView extends BaseView {
  start() {
    Object.assign(this, { errors: {}, units: new Map(), names: new Map(), searches: {}, byHand: new WeakSet(), classText: "", isChoosing: false, misfit: false });
    this.preview = new Preview(() => this.foretold());
    return super.start();
  }

  get jobId() {
    return this.params.id;
  }

  get source() {
    return this.jobId ?? this.query.get("copy");
  }

  get title() {
    return this.jobId ? `Edit ${this.base?.name ?? "job"}` : "New job";
  }

  unsaved() {
    return this.draft?.isChanged && !this.isSaved ? "What you entered for this job is not saved." : "";
  }

  concerns(event, { job_id } = {}) {
    return event === "file" || (event === "job" && job_id === this.jobId && !this.isSaving);
  }

  async load(signal) {
    const ask = (path, parameters) => get(path, parameters, { signal });
    const data = await known(ask, this.source, this.names);
    if (!this.draft || (this.jobId && !this.draft.isChanged)) this.begin(data);
    return data;
  }

  /** Begin with what the server has; the other job's name is not meant for a copy. */
  begin({ job, classes, timezone }) {
    const draft = new Draft(job, classes, timezone ?? session.timezone);
    if (job && !this.jobId) Object.assign(draft, { name: `${job.name} (copy)`, version: undefined });
    Object.assign(this, { draft, base: job, errors: {} });
  }

  /** Something was changed in the form; what was said of it, or of the whole it is part of, may be mended. */
  changed(key) {
    for (const name of Object.keys(this.errors)) if (isOf(name, key) || isOf(key, name)) delete this.errors[name];
    this.render();
  }

  faultOf(key) {
    if (key === "pub_args" && this.draft.arguments.asJson) return Object.entries(this.errors).filter(([name]) => isOf(name, key)).map(([, fault]) => fault).join("; ");
    return this.errors[key] ?? "";
  }

  render() {
    if (this.draft && !this.isRemoved) this.preview.of(this.draft.when());
    super.render();
    if (this.draft && !this.isUnfolded) this.unfold();
    return this;
  }

  /** The first instants that are foretold push down what the address led to. */
  foretold() {
    this.render();
    if (!this.isForetold && !this.draft.isChanged) this.unfold();
    this.isForetold = true;
  }

  /** An address may lead to a part that is folded away, such as `#mail`. */
  unfold() {
    this.isUnfolded = true;
    const part = document.getElementById(location.hash.slice(1));
    part?.setAttribute("open", "");
    part?.scrollIntoView();
  }

  content(data) {
    const { draft } = this;
    const theirs = this.jobId && data.job.version !== draft.version ? data.job : undefined;
    return html`<form class="job-form" novalidate @submit=${(event) => event.preventDefault()}>
      <div class="page-head"><h1 class="page-title">${this.title}</h1></div>
      ${theirs ? conflict(this, this.base, theirs) : nothing}
      ${this.jobId && data.job.managed_by ? managedNote(data.job) : nothing}
      ${this.otherFaults()}
      <div class="job-form-columns">
        <div>${basics(this)}${whatSection(this)}${scheduleSection(this)}</div>
        <div>${previewPanel(this.preview, { draft, median: data.median })}${policySection(this)}</div>
      </div>
      <div class="form-foot">
        <button type="submit" class="btn btn-primary" @click=${busily(() => this.save())}>${this.jobId ? "Save changes" : "Add the job"}</button>
        <a class="btn btn-outline-secondary" href=${this.jobId ? `/jobs/${this.jobId}` : "/jobs"}>Cancel</a>
        <span class="form-text" role="status">${this.footWords()}</span>
      </div>
    </form>`;
  }

  footWords() {
    const faults = Object.keys(this.errors).length;
    if (faults) return faults === 1 ? "One thing is to be mended." : `${faults} things are to be mended.`;
    return this.jobId && !this.draft.isChanged ? "Nothing is changed." : "";
  }

  otherFaults() {
    const faults = unplaced(this.errors, this.el);
    return faults.length ? html`<div class="alert alert-danger" role="alert">${faults.map(([key, fault]) => html`<div><strong>${key}</strong>: ${fault}</div>`)}</div>` : nothing;
  }

  async save() {
    const changes = this.draft.changes();
    this.isSaving = true;
    try {
      const whole = { ...this.draft.written() };
      const { job_id } = await (this.jobId ? put(`/jobs/${this.jobId}`, { ...changes, version: this.draft.version }) : post("/jobs", whole));
      this.isSaved = true;
      tell(`“${this.draft.name.trim()}” was ${this.jobId ? "saved" : "added"}.`);
      go(`/jobs/${job_id}`);
    } catch (error) {
      await this.refused(error);
    } finally {
      this.isSaving = false;
    }
  }

  async refused(error) {
    this.errors = placed({ ...error.fields });
    if (error.status === 409) await this.reload();
    else if (!Object.keys(this.errors).length) complain(error);
    this.render();
    focusFirstFault(this.el);
    this.render(); // now it is known which faults have no place
  }

  /** Save over what somebody else did, which the viewer has seen. */
  overwrite() {
    this.draft.version = this.data.job.version;
    return this.save();
  }

  takeTheirs() {
    this.begin(this.data);
    this.render();
  }
}

/** What becomes of changes to a job that files describe. */
function managedNote({ managed_by: set }) {
  return html`<div class="alert alert-warning" role="note">Files say what this job is: the set <strong>${set}</strong>.
    The next <code>bots-scheduler apply</code> undoes what is changed here, unless the job's file is changed, too.</div>`;
}
