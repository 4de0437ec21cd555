/** A job as it is edited, and what of it is to be sent. */

import { Arguments } from "./arguments.js";
import { localIn } from "./schedules/moments.js";
import { Form, formsOf, TIMING_KEYS, timingOf } from "./schedules/timing.js";

const RULES = ["missed", "missed_limit", "misfire", "grace", "overlap", "time_limit", "retry", "mail", "windows", "then_run", "on_failure_run", "keep_days", "keep_count"];

export class Draft {
  /** Of a job as the REST API tells it; without one, a new one. `classes` are those to choose from. */
  constructor(job, classes, timezone) {
    this.classes = classes;
    this.version = job?.version;
    this.name = job?.name ?? "";
    this.tags = (job?.tags ?? []).join(", ");
    this.notes = job?.notes ?? "";
    this.timezone = job?.timezone ?? timezone;
    this.forms = job ? formsOf(job) : [new Form("daily", { time: "03:00" })];
    this.start_date = localIn(job?.start_date, this.timezone);
    this.end_date = localIn(job?.end_date, this.timezone);
    this.jitter = job?.jitter ?? 0;
    this.rules = structuredClone(Object.fromEntries(RULES.map((name) => [name, job?.[name] ?? null])));
    this.argumentsOf = new Map();
    this.choose(job?.job_class_string ?? "", job?.pub_args ?? []);
    this.before = structuredClone(this.written()); // rules are changed in place
  }

  get info() {
    return this.classes.find((each) => each.job_class_string === this.job_class_string);
  }

  get arguments() {
    return this.argumentsOf.get(this.job_class_string);
  }

  /** Take this class; arguments that were entered for it before are there again. */
  choose(name, given = []) {
    this.job_class_string = name;
    if (!this.argumentsOf.has(name)) this.argumentsOf.set(name, new Arguments(this.info, given));
  }

  /** All of it as keys of the REST API; what cannot be read stays as text, for the server to refuse. */
  written() {
    return {
      name: this.name,
      job_class_string: this.job_class_string,
      pub_args: this.givenArguments(),
      tags: this.tags.split(",").map((tag) => tag.trim()).filter(Boolean),
      notes: this.notes,
      ...this.when(),
      ...this.rules,
    };
  }

  /** The keys that say when it is due. */
  when() {
    return {
      ...timingOf(this.forms),
      timezone: this.timezone,
      start_date: this.start_date || null,
      end_date: this.end_date || null,
      jitter: this.jitter,
    };
  }

  /** Only what is not as before; a schedule is always sent as a whole. */
  changes() {
    const now = this.written();
    const differs = (key) => JSON.stringify(now[key]) !== JSON.stringify(this.before[key]);
    const timing = TIMING_KEYS.some(differs);
    return Object.fromEntries(Object.entries(now).filter(([key]) => (TIMING_KEYS.includes(key) ? timing : differs(key))));
  }

  get isChanged() {
    return Object.keys(this.changes()).length > 0;
  }

  givenArguments() {
    try {
      return this.arguments.written();
    } catch {
      return this.arguments.text;
    }
  }
}
