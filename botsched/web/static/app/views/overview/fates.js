/** Every instant has one fate: how many had which, each with the list that shows them. */

import { html, nothing, svg } from "../../lib.js";
import { absolute } from "../../time.js";
import { counted, percent } from "../../ui/chart.js";
import { executions, RAN } from "./addresses.js";

const FATES = [
  { fate: "ran", mood: "good", filters: { state: RAN }, means: "started on time" },
  { fate: "late", mood: "warn", filters: { state: RAN }, means: "started more than 10 s late" },
  { fate: "coalesced", mood: "quiet", filters: { state: "skipped", cause: "coalesced" }, means: "folded into a later run after an outage" },
  { fate: "skipped", mood: "quiet", filters: { state: "skipped" }, means: "an earlier run went on, or a pause, hold or window" },
  { fate: "missed", mood: "warn", filters: { state: "missed" }, means: "found too late to run" },
  { fate: "not started", mood: "bad", filters: { state: "scheduled error" }, means: "could not be started" },
  { fate: "lost", mood: "bad", filters: { state: "lost" }, means: "was cut off: what became of it is not known" },
];
const LEAST = 0.008;

export function fates(statistics) {
  const { fates: numbers, from, fates_from: since } = statistics;
  const present = FATES.filter(({ fate }) => numbers[fate]);
  const total = present.reduce((sum, { fate }) => sum + numbers[fate], 0);
  return html`<section class="panel" aria-labelledby="fates-title">
    <h2 id="fates-title">Every due instant has one fate</h2>
    ${total ? bar(present, numbers, total) : html`<p class="text-body-secondary mb-0">Nothing was due in the last 24 hours.</p>`}
    <ul class="fates">${FATES.filter(({ fate }) => numbers[fate] || !total).map((entry) => line(entry, numbers[entry.fate]))}</ul>
    ${since > from ? html`<p class="note">Counted since ${absolute(since)}: there were too many to look at all.</p>` : nothing}
  </section>`;
}

function bar(present, numbers, total) {
  const sizes = present.map(({ fate }) => Math.max(numbers[fate] / total, LEAST));
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  let left = 0;
  return html`<svg class="fate-bar" aria-hidden="true">
    ${present.map(({ fate, mood }, index) => {
      const x = left / whole;
      left += sizes[index];
      return svg`<rect class="fate-part mood-${mood} is-${fate.replace(" ", "-")}" x=${percent(x)} width=${percent(sizes[index] / whole)} height="100%">
        <title>${fate}: ${numbers[fate].toLocaleString("en")}</title></rect>`;
    })}
  </svg>`;
}

function line({ fate, mood, filters, means }, number) {
  return html`<li class="mood-${mood}">
    <svg class="fate-key is-${fate.replace(" ", "-")}" aria-hidden="true"><rect class="fate-part is-${fate.replace(" ", "-")}" width="100%" height="100%"></rect></svg>
    <a href=${executions(filters)} aria-label="${counted(number, "instant")} ${fate}: show the executions"><strong>${number.toLocaleString("en")}</strong> ${fate}</a>
    <span class="text-body-secondary">${means}</span>
  </li>`;
}
