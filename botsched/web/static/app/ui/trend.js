/** How long the runs of a job took: a point for each, and a line at the median. */

import { html, nothing, svg } from "../lib.js";
import { absolute, duration } from "../time.js";
import { counted, percent, roundUp } from "./chart.js";
import { moodOf } from "./state.js";

const TOPS = [1, 2, 5, 10, 15, 30, ...[1, 2, 5, 10, 15, 30, 45].map((minutes) => minutes * 60), ...[1, 1.5, 2, 3, 4, 6, 8, 12, 18, 24].map((hours) => hours * 3600)];

/**
 * `statistics`: the answer of `/jobs/ID/statistics`. The runs stand side by side, the oldest at the
 * left; failures are triangles, all others dots; each leads to its execution.
 */
export function trend(statistics, { jobZone } = {}) {
  const runs = [...statistics.runs].reverse();
  if (!runs.length) return html`<p class="text-body-secondary mb-0">No run has ended yet. Durations are drawn here once some have.</p>`;
  const top = roundTime(statistics.longest_seconds);
  const place = (seconds) => percent(1 - seconds / top);
  const middle = place(statistics.median_seconds);
  return html`<figure class="trend">
    <figcaption class="visually-hidden">${words(statistics)}</figcaption>
    <div class="chart-box">
      <span class="chart-top" aria-hidden="true">${duration(top)}</span>
      <svg class="chart trend-chart" aria-hidden="true">
        <line class="chart-line" x1="0" x2="100%" y1=${middle} y2=${middle}></line>
        ${runs.map((run, index) => point(run, percent((index + 0.5) / runs.length), place(run.seconds), jobZone))}
      </svg>
    </div>
    ${facts(statistics)}
  </figure>`;
}

/** The top of the axis: a time that people would say. */
function roundTime(seconds) {
  return TOPS.find((top) => top >= seconds) ?? roundUp(seconds / 86400) * 86400;
}

function point(run, x, y, jobZone) {
  const mood = moodOf(run.state);
  const label = `${run.state}, ${absolute(run.started_time, { jobZone })}, ${duration(run.seconds)}`;
  return svg`<a href="/executions/${run.execution_id}" tabindex="-1"><svg x=${x} y=${y} class="point mood-${mood}">
    <title>${label}</title>
    <circle class="point-target" r="9"></circle>
    ${mood === "bad" ? svg`<path d="M0 -5.5 L5.5 4.5 L-5.5 4.5 Z"></path>` : svg`<circle r="3.5"></circle>`}
  </svg></a>`;
}

function facts(statistics) {
  const shown = [
    ["median", duration(statistics.median_seconds)],
    ["9 of 10 within", duration(statistics.p90_seconds)],
    ["longest", duration(statistics.longest_seconds)],
    ["succeeded", share(statistics.success_rate)],
    ["started late by", late(statistics)],
  ];
  return html`<dl class="facts">${shown.map(([name, value]) => (value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : nothing))}</dl>`;
}

/** Nothing is said of lateness as long as nobody would call it that. */
function late({ median_lateness: median, longest_lateness: longest }) {
  return longest < 10 ? "" : `${duration(median)}, at most ${duration(longest)}`;
}

function share(rate) {
  const text = (rate * 100).toFixed(rate < 1 && rate > 0.99 ? 1 : 0);
  return rate < 1 && text === "100.0" ? "99.9 %" : `${text} %`;
}

function words(statistics) {
  return `The last ${counted(statistics.runs.length, "run")}: half took no longer than ${duration(statistics.median_seconds)},`
    + ` the longest ${duration(statistics.longest_seconds)}; ${share(statistics.success_rate)} succeeded.`
    + " The list of executions shows each.";
}
