/** The rules of a job as they hold, and which of them it says itself. */

import { html, nothing } from "../../../lib.js";
import { duration } from "../../../time.js";
import { rulesInWords } from "../../../ui/mailrules.js";

const MISSED = {
  skip: "none of them is run",
  latest: "the latest is run",
  all: "all are run, one after another",
};

export function rules(job) {
  return html`<section class="panel" aria-labelledby="job-rules">
    <h2 id="job-rules">Rules</h2>
    <dl class="pairs">${rows(job).map(([term, words, own]) => html`<dt>${term}</dt>
      <dd>${words}${own ? nothing : html` <span class="by-default">by default</span>`}</dd>`)}</dl>
  </section>`;
}

function rows(job) {
  const { effective } = job;
  return [
    ["Missed instants", missed(effective), job.missed !== null || job.misfire !== null],
    ["At the same time", overlap(effective), job.overlap !== null],
    ["Time limit", effective.time_limit === null ? "none" : duration(effective.time_limit), job.time_limit !== null],
    ["When it fails", job.retry ? retries(job.retry) : "not tried again", Boolean(job.retry)],
    ["Mail", mail(effective.mail), job.mail !== null],
    ["Windows", windows(job.windows), Boolean(job.windows)],
    ["Executions kept", kept(job), job.keep_days !== null || job.keep_count !== null],
    ...bounds(job),
  ];
}

function missed({ missed: how, misfire, missed_limit: limit }) {
  if (how === "skip") return MISSED.skip;
  const late = misfire === null ? "however late" : `up to ${duration(misfire)} late`;
  return `${MISSED[how]}${how === "all" ? ` (at most ${limit})` : ""}, ${late}`;
}

function overlap({ overlap: how }) {
  if (how === "skip") return "one run; what comes meanwhile is skipped";
  if (how.queue) return `one run; up to ${how.queue} wait for its end`;
  return `up to ${how.allow} runs`;
}

function retries({ attempts, delay, factor }) {
  const growth = factor > 1 ? `, then ${factor} times as long each` : "";
  return `tried up to ${attempts} times, after ${duration(delay)}${growth}`;
}

function mail(given) {
  if (!given.length) return "none";
  return rulesInWords(given).map((words) => html`<span class="chained">${words}</span>`);
}

function windows(given) {
  return given ? `not run during ${given.map((each) => each.name).join(", ")}` : "none of its own";
}

function kept({ keep_days: days, keep_count: most }) {
  const said = [days === null ? "" : `${days} days`, most === null ? "" : `the newest ${most}`].filter(Boolean);
  return said.join(", ") || "as the server says";
}

function bounds({ start_date: start, end_date: end, jitter }) {
  return [
    ...(start ? [["Not before", start, true]] : []),
    ...(end ? [["Not after", end, true]] : []),
    ...(jitter ? [["Delayed by", `up to ${duration(jitter)}`, true]] : []),
  ];
}
