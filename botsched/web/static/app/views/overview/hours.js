/** Runs, and failures on a scale of their own, over the period. */

import { html, svg } from "../../lib.js";
import { absolute, timeOfDay, zone } from "../../time.js";
import { counted, percent, roundUp, scaleOf, ticks } from "../../ui/chart.js";
import { executions, UNSUCCESSFUL } from "./addresses.js";

export function hours(statistics) {
  const scale = scaleOf(statistics.from, statistics.to);
  const { buckets } = statistics;
  return html`<section class="panel" aria-labelledby="hours-title">
    <h2 id="hours-title">Runs and failures per hour</h2>
    <figure class="hours">
      <figcaption class="visually-hidden">${words(statistics)}</figcaption>
      ${bars(buckets, scale, "runs", "busy")}
      ${bars(buckets, scale, "failures", "bad")}
      <svg class="chart-axis" aria-hidden="true">
        ${ticks(statistics.from, statistics.to, 9).map(({ at, label }) => svg`<text class="tick" x=${percent(scale(at))} y="1em">${label}</text>`)}
      </svg>
    </figure>
    ${statistics.complete ? "" : html`<p class="note">There were too many to count all: earlier than ${absolute(statistics.counted_from)} nothing is drawn.</p>`}
    <details class="numbers"><summary>As numbers</summary>${table(buckets)}</details>
  </section>`;
}

function bars(buckets, scale, key, mood) {
  const most = Math.max(...buckets.map((bucket) => bucket[key]));
  const top = roundUp(most);
  return html`<div class="chart-box">
    <span class="chart-top" aria-hidden="true">${top.toLocaleString("en")} ${key}</span>
    <svg class="chart hours-${key} mood-${mood}" aria-hidden="true">
      ${buckets.filter((bucket) => bucket[key]).map((bucket) => bar(bucket, scale, key, top))}
    </svg>
  </div>`;
}

function bar(bucket, scale, key, top) {
  const [left, right] = [scale(bucket.from), scale(bucket.to)];
  const height = Math.max(bucket[key] / top, 0.03);
  return svg`<a href=${address(bucket, key)} tabindex="-1">
    <rect class="bar" x=${percent(left)} width=${percent((right - left) * 0.86)} y=${percent(1 - height)} height=${percent(height)}>
      <title>${told(bucket)}</title>
    </rect></a>`;
}

function address(bucket, key) {
  return executions({ from: bucket.from, to: bucket.to, ...(key === "failures" ? { state: UNSUCCESSFUL } : {}) });
}

function told(bucket) {
  return `${span(bucket)}: ${counted(bucket.runs, "run")}, ${counted(bucket.failures, "failure")}`;
}

function span(bucket) {
  return `${absolute(bucket.from, { seconds: false })} to ${timeOfDay(bucket.to, zone())}`;
}

function words({ buckets, from }) {
  const [runs, failures] = ["runs", "failures"].map((key) => buckets.reduce((sum, bucket) => sum + bucket[key], 0));
  const worst = buckets.reduce((one, other) => (other.failures > one.failures ? other : one));
  const peak = failures ? ` Most failures, ${worst.failures}, were from ${span(worst)}.` : "";
  return `Since ${absolute(from, { seconds: false })}: ${counted(runs, "run")}, ${counted(failures, "failure")}.${peak}`;
}

function table(buckets) {
  return html`<table class="table table-sm"><thead><tr><th scope="col">From</th><th scope="col" class="number">Runs</th><th scope="col" class="number">Failures</th></tr></thead>
    <tbody>${[...buckets].reverse().map((bucket) => html`<tr><th scope="row"><a href=${address(bucket, "runs")}>${span(bucket)}</a></th>
      <td class="number">${bucket.runs.toLocaleString("en")}</td><td class="number">${bucket.failures.toLocaleString("en")}</td></tr>`)}</tbody></table>`;
}
