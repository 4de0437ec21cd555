/** The one sentence that answers: is everything all right? And the numbers behind it. */

import { html, nothing } from "../../lib.js";
import { relative } from "../../time.js";
import { counted } from "../../ui/chart.js";
import { icon } from "../../ui/icon.js";
import { ACTIVE, executions } from "./addresses.js";

const NAMED = 3;

export function headline(statistics, readiness) {
  const { mood, sign, words } = verdict(statistics, readiness);
  return html`<section class="panel headline mood-${mood}" aria-label="At a glance">
    <p class="verdict" role="status">${icon(sign, "verdict-icon")}<span>${words}</span></p>
    <dl class="tiles">${tiles(statistics)}</dl>
  </section>`;
}

function verdict({ jobs, failures, next }, readiness) {
  const failing = jobs.failing;
  const recovered = failures.filter((job) => job.in_a_row === 0 && job.exists).length;
  if (readiness.fault) return { mood: "bad", sign: "exclamation-octagon-fill", words: readiness.fault };
  if (failing) return { mood: "bad", sign: "x-circle-fill", words: failingWords(failing, failures) };
  if (readiness.held) return { mood: "warn", sign: "pause-circle", words: "All jobs are held: nothing is started by schedule." };
  if (!next.length) return { mood: "warn", sign: "pause-circle", words: "Nothing fails, and nothing is due: no job runs by schedule any more." };
  const again = recovered ? ` ${counted(recovered, "job")} that failed ${recovered === 1 ? "is" : "are"} well again.` : "";
  return { mood: "good", sign: "check-circle-fill", words: `All is well.${again}` };
}

/** Which jobs fail, by name as long as they are few. */
function failingWords(number, failures) {
  const named = failures.filter((job) => job.in_a_row && job.exists).slice(0, NAMED);
  const rest = number - named.length;
  const all = html`<a href="/jobs?state=failing">${counted(number, "job fails", "jobs fail")}</a>`;
  const names = named.map((job, index) => html`${index ? ", " : ": "}<a href="/jobs/${job.job_id}">${job.name}</a>`);
  return html`${all}${names}${rest > 0 && named.length ? ` and ${rest} more` : nothing}.`;
}

function tiles(statistics) {
  const { active, buckets, jobs, next } = statistics;
  const runs = sum(buckets, "runs");
  const failures = sum(buckets, "failures");
  return [
    tile("running", active.running + active.stopping, executions({ state: ACTIVE }), active.scheduled ? `${active.scheduled} waiting` : ""),
    tile("failing", jobs.failing, "/jobs?state=failing", `of ${counted(jobs.total, "job")}`, jobs.failing ? "bad" : ""),
    tile("next run", next[0] ? relative(next[0].next_run_time) : "none", next[0] ? `/jobs/${next[0].job_id}` : "/jobs", next[0]?.name ?? ""),
    tile("runs in 24 h", runs.toLocaleString("en"), "/executions", failures ? `${failures.toLocaleString("en")} failed` : "none failed"),
    jobs.paused ? tile("paused", jobs.paused, "/jobs?state=paused", counted(jobs.paused, "job")) : nothing,
  ];
}

function tile(name, value, href, told, mood = "") {
  return html`<div class="tile ${mood && `mood-${mood}`}"><dt>${name}</dt><dd><a href=${href}>${value}</a>${told ? html`<small>${told}</small>` : nothing}</dd></div>`;
}

function sum(buckets, key) {
  return buckets.reduce((total, bucket) => total + bucket[key], 0);
}

/** What `/readyz` said, in the words that are shown. */
export function asReadiness(answer) {
  return answer instanceof Error ? { fault: answer.message, held: false } : { fault: "", held: Boolean(answer.held) };
}

