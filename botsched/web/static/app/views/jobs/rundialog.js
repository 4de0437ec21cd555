/** Run a job now, with other arguments than its own if the viewer likes. */

import { get, post } from "../../api.js";
import { html, nothing } from "../../lib.js";
import { busily } from "../../ui/busy.js";
import { openDialog } from "../../ui/dialog.js";
import { Arguments, argumentFields } from "../jobform/arguments.js";
import { isOf } from "../jobform/faults.js";

/** Resolves with the id of the execution, undefined when it was cancelled. */
export async function runWith(job) {
  const [{ classes }, { files }, { secrets, fault }] = await Promise.all([get("/classes"), get("/files"), get("/secrets")]);
  const known = { files: files.map((file) => file.filename), secrets, secretsFault: fault };
  const asked = new Asked(job, classes.find((each) => each.job_class_string === job.job_class_string));
  return openDialog({
    title: `Run “${job.name}” now`,
    size: "modal-lg",
    onReady: (redraw) => (asked.redraw = redraw),
    body: (close) => html`<form id="run-form" novalidate @submit=${(event) => event.preventDefault()}>
      <p>What you change holds for this run only.</p>
      ${argumentFields(asked, asked.given, known)}
      ${asked.message ? html`<div class="alert alert-danger mt-3 mb-0" role="alert">${asked.message}</div>` : nothing}
    </form>`,
    footer: (close) => html`
      <button type="button" class="btn btn-outline-secondary" @click=${() => close()}>Cancel</button>
      <button type="submit" form="run-form" class="btn btn-primary" @click=${busily(() => asked.run(close))}>Run now</button>`,
  });
}

/** What the dialogue holds; it shows the controls of the form for jobs. */
class Asked {
  constructor(job, info) {
    Object.assign(this, { job, given: new Arguments(info, job.pub_args), errors: {}, units: new Map(), message: "", misfit: false });
    this.redraw = () => {};
  }

  faultOf(key) {
    const found = Object.entries(this.errors).filter(([name]) => (this.given.asJson ? isOf(name, key) : name === key));
    return found.map(([, fault]) => fault).join("; ");
  }

  changed(key) {
    for (const name of Object.keys(this.errors)) if (isOf(name, key)) delete this.errors[name];
    this.redraw();
  }

  async run(close) {
    try {
      const { execution_id } = await post(`/jobs/${this.job.job_id}/run`, { pub_args: this.given.written() });
      close(execution_id);
    } catch (error) {
      if (!(error instanceof SyntaxError) && error.status === undefined) throw error;
      const placed = Object.keys(error.fields ?? {}).length > 0;
      Object.assign(this, { errors: { ...error.fields }, message: placed ? "" : error.message });
      this.redraw();
      document.querySelector('#run-form [aria-invalid="true"]')?.focus();
    }
  }
}
