/** What a job runs: its class, found by name, and the arguments that this takes. */

import { html, live, nothing } from "../../lib.js";
import { icon } from "../../ui/icon.js";
import { argumentFields } from "./arguments.js";
import { faultBelow, idOf } from "./fields/common.js";

export function whatSection(form) {
  const { draft } = form;
  const choosing = form.isChoosing || !draft.job_class_string;
  return html`<section class="panel" aria-labelledby="what-title">
    <h2 id="what-title">What</h2>
    ${choosing ? picker(form) : chosen(form)}
    ${faultBelow(form, "job_class_string")}
    ${choosing || !draft.job_class_string ? nothing : html`<h3 class="form-part">Arguments</h3>${argumentsOf(form)}`}
  </section>`;
}

function chosen(form) {
  const { draft } = form;
  return html`<div class="class-card">
    <div>${draft.info ? described(draft.info) : missing(draft.job_class_string, form.data.failures)}</div>
    <button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => choose(form, true)}>Choose another</button>
  </div>`;
}

function described(info) {
  return html`<strong>${info.name}</strong>
    <span class="sub"><code>${info.job_class_string}</code>, from ${info.file}</span>
    ${info.notes ? html`<p class="class-notes">${info.notes}</p>` : nothing}
    ${info.enabled ? nothing : html`<p class="form-text">This class is not offered for new jobs any more; this one goes on.</p>`}`;
}

function missing(name, failures) {
  const failure = failures.find((each) => (each.class_name ? name === `${each.module}.${each.class_name}` : name.startsWith(`${each.module}.`)));
  return html`<strong><code>${name}</code></strong>
    <p class="field-fault">${failure ? html`This class cannot be loaded: ${failure.error}` : "This class is in no job folder now. Runs of it fail, until it is there again."}</p>
    ${failure?.traceback ? html`<details><summary>${failure.file}</summary><pre class="traceback">${failure.traceback}</pre></details>` : nothing}`;
}

function argumentsOf(form) {
  const { info } = form.draft;
  const takesNone = info && !info.arguments.length;
  const example = info?.example_arguments;
  return html`${takesNone ? html`<p class="form-text">The class describes no arguments.</p>` : nothing}
    ${argumentFields(form, form.draft.arguments, form.data)}
    ${example ? html`<p class="form-text mb-0">Example: <code>${example}</code></p>` : nothing}`;
}

function picker(form) {
  const { draft, data } = form;
  const words = form.classText.toLowerCase().split(/\s+/);
  const offered = data.classes.filter((each) => each.enabled || each.job_class_string === draft.job_class_string);
  const found = offered.filter((each) => words.every((word) => `${each.name} ${each.job_class_string} ${each.notes}`.toLowerCase().includes(word)));
  const search = (event) => {
    form.classText = event.target.value;
    form.render();
  };
  return html`<label class="form-label" for=${idOf("job_class_string")}>Job class</label>
    <input type="search" class="form-control form-control-sm" id=${idOf("job_class_string")} placeholder="Search by name or by what it does"
      .value=${live(form.classText)} autocomplete="off" aria-invalid=${form.faultOf("job_class_string") ? "true" : nothing} @input=${search}
      @keydown=${(event) => event.key === "Enter" && found.length && (event.preventDefault(), take(form, found[0]))}>
    <ul class="class-list" aria-label="Job classes">${found.map((info) => offer(form, info))}</ul>
    ${found.length ? nothing : html`<p class="form-text">No class matches.</p>`}
    ${data.failures.length ? html`<details class="folded"><summary>${data.failures.length} could not be loaded</summary>
      <ul class="failures">${data.failures.map((each) => html`<li><code>${each.module}</code>: ${each.error}</li>`)}</ul></details>` : nothing}
    ${draft.job_class_string ? html`<button type="button" class="btn btn-sm btn-link" @click=${() => choose(form, false)}>Keep ${draft.job_class_string}</button>` : nothing}`;
}

function offer(form, info) {
  return html`<li><button type="button" class="class-offer" aria-pressed=${String(info.job_class_string === form.draft.job_class_string)} @click=${() => take(form, info)}>
    <span>${icon("terminal")} <strong>${info.name}</strong> <span class="sub">${info.job_class_string}</span></span>
    <span class="class-offer-notes">${info.notes}</span></button></li>`;
}

function take(form, info) {
  form.draft.choose(info.job_class_string);
  form.misfit = false;
  choose(form, false);
  form.changed("job_class_string");
}

function choose(form, on) {
  form.isChoosing = on;
  form.classText = "";
  form.render();
}
