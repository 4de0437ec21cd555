/** When, how long, by whom, and what it used: in the order of time. */

import { bytes } from "../../bytes.js";
import { html, nothing } from "../../lib.js";
import { between, duration, when } from "../../time.js";
import { lateness, origin } from "./words.js";

const WIDE = new Set(["Class", "Arguments"]);

/** A list of terms and what there is to say of each. */
export function facts(run) {
  const shown = rows(run).filter(([, value]) => value !== nothing && value !== "" && value !== null);
  return html`<dl class="run-facts">${shown.map(([term, value]) => html`<div class=${WIDE.has(term) ? "is-wide" : ""}><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function rows(run) {
  return [
    ["Due", due(run)],
    ["Asked for", origin(run)],
    ["May start", run.not_before && run.state === "scheduled" ? when(run.not_before) : nothing],
    ["Started", started(run)],
    [run.state === "lost" ? "Found to be lost" : "Ended", run.ended_time ? when(run.ended_time, { relative: false }) : nothing],
    [run.ended_time ? "Took" : "Runs for", took(run)],
    ["Processor time", run.cpu_seconds === null ? nothing : duration(run.cpu_seconds)],
    ["Memory", run.max_rss === null ? nothing : bytes(run.max_rss)],
    ["Where", run.hostname ? html`${run.hostname}${run.pid ? html`, process ${run.pid}` : nothing}` : nothing],
    ["Printed", printed(run)],
    ["Class", html`<code>${run.job.task_name}</code>`],
    ["Arguments", html`<code>${JSON.stringify(run.job.pub_args)}</code>`],
  ];
}

function due(run) {
  if (!run.due_time) return nothing;
  const first = when(run.due_time, { relative: false });
  if (run.due_count === 1) return first;
  return html`${first} to ${when(run.due_last, { relative: false })}, ${run.due_count.toLocaleString("en")} times`;
}

function started(run) {
  if (!run.started_time) return nothing;
  const late = lateness(run);
  return html`${when(run.started_time, { relative: false })}${late ? html` <span class="fact-note">${late}</span>` : nothing}`;
}

function took(run) {
  if (!run.started_time || run.state === "lost") return nothing;
  const seconds = run.duration ?? between(run.started_time);
  const usual = run.usual_duration;
  if (usual === null) return duration(seconds);
  return html`${duration(seconds)} <span class="fact-note">usually ${duration(usual)}</span>${comparison(seconds, usual)}`;
}

/** Its time beside the usual one, as two bars of one scale. */
function comparison(seconds, usual) {
  const largest = Math.max(seconds, usual) || 1;
  return html`<svg class="fact-bars" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="fact-bar-own" y="0" height="4" width=${(100 * seconds) / largest}></rect>
    <rect class="fact-bar-usual" y="6" height="4" width=${(100 * usual) / largest}></rect>
  </svg>`;
}

function printed(run) {
  if (!run.output_bytes) return nothing;
  const lost = run.output_dropped ? html` <span class="fact-note">${bytes(run.output_dropped)} of it were too much to be kept</span>` : nothing;
  return html`${bytes(run.output_bytes)}${lost}`;
}
