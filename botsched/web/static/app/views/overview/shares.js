/** The slowest jobs, and those that fail most, as bars beside their names. */

import { html, nothing, svg } from "../../lib.js";
import { duration } from "../../time.js";
import { counted, percent } from "../../ui/chart.js";
import { executions } from "./addresses.js";

export function slowest({ slowest: jobs }) {
  const top = Math.max(...jobs.map((job) => job.longest_seconds));
  return panel("slowest", "Slowest jobs", "No run has ended in the last 24 hours.", jobs, (job) => ({
    bar: svg`<rect class="share-longest" width=${percent(job.longest_seconds / top)} height="100%"></rect>
      <rect class="share-bar" width=${percent(job.median_seconds / top)} height="100%"></rect>`,
    mood: "busy",
    value: duration(job.median_seconds),
    told: `mostly ${duration(job.median_seconds)}, the longest of ${counted(job.runs, "run")} ${duration(job.longest_seconds)}`,
  }));
}

export function mostFailing({ most_failing: jobs }) {
  const top = Math.max(...jobs.map((job) => job.failures));
  return panel("failing", "Most failures", "No run failed in the last 24 hours.", jobs, (job) => ({
    bar: svg`<rect class="share-bar" width=${percent(job.failures / top)} height="100%"></rect>`,
    mood: "bad",
    value: job.failures.toLocaleString("en"),
    told: counted(job.failures, "failure"),
  }));
}

function panel(id, title, nobody, jobs, shown) {
  return html`<section class="panel" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${jobs.length ? html`<ol class="shares">${jobs.map((job) => line(job, shown(job)))}</ol>` : html`<p class="text-body-secondary mb-0">${nobody}</p>`}
  </section>`;
}

function line(job, { bar, mood, value, told }) {
  return html`<li class="share mood-${mood}" title=${told}>
    ${job.exists ? html`<a class="share-name" href="/jobs/${job.job_id}" title=${job.name}>${job.name}</a>`
      : html`<a class="share-name" href=${executions({ job_id: job.job_id })} title="${job.name} (deleted)">${job.name} (deleted)</a>`}
    <svg class="share-track" aria-hidden="true">${bar}</svg>
    <span class="share-value">${value}${told === value ? nothing : html`<span class="visually-hidden"> (${told})</span>`}</span>
  </li>`;
}
