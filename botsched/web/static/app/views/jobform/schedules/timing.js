/** When a job is due, as it is edited: one or several schedules, each in one of the editors. */

import { crontab, ecs, fields, FIELDS, interval, once } from "./exact.js";
import { daily, monthly, often, weekly } from "./simple.js";

/** In the order in which they are tried and offered. */
export const EDITORS = { often, daily, weekly, monthly, interval, once, crontab, fields, ecs };

const KEYS = [...FIELDS, "crontab", "ecs", "every", "anchor", "at"];
export const TIMING_KEYS = [...KEYS, "schedules"];

/** One schedule; what was entered in another editor is kept for the way back. */
export class Form {
  constructor(kind, values) {
    this.kind = kind;
    this.entered = { [kind]: values };
  }

  /** Of the keys of the REST API. */
  static of(timing, zone) {
    for (const [kind, editor] of Object.entries(EDITORS)) {
      const values = editor.read(timing, zone);
      if (values) return new Form(kind, values);
    }
    return new Form("fields", {});
  }

  get editor() {
    return EDITORS[this.kind];
  }

  get values() {
    return this.entered[this.kind];
  }

  /** Go on in another editor, with what was entered as far as that can show it. */
  become(kind, zone) {
    const written = this.editor.write(this.values);
    this.kind = kind;
    this.entered[kind] = this.editor.read(written, zone) ?? this.entered[kind] ?? this.editor.initial();
  }

  written() {
    return this.editor.write(this.values);
  }
}

/** The schedules of a job. */
export function formsOf(job) {
  const each = job.schedules ?? [Object.fromEntries(KEYS.map((key) => [key, job[key]]))];
  return each.map((timing) => Form.of(timing, job.timezone));
}

/** Back as keys of the REST API. */
export function timingOf(forms) {
  return forms.length === 1 ? forms[0].written() : { schedules: forms.map((form) => form.written()) };
}
