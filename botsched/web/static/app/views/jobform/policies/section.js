/** The rules of a job; what is left empty is as the server says. */

import { html, nothing } from "../../../lib.js";
import { duration } from "../../../time.js";
import { select, textInput } from "../fields/common.js";
import { durationInput } from "../fields/duration.js";
import { chains } from "./chains.js";
import { mail } from "./mail.js";
import { retry } from "./retry.js";
import { windows } from "./windows.js";

const MISSED = { skip: "none of them", latest: "the latest one", all: "all, one after another" };

export function policySection(form) {
  const parts = [
    ["When instants were missed", missed, ["missed", "missed_limit", "misfire", "grace"]],
    ["When the run before still goes on", overlap, ["overlap", "max_instances"]],
    ["Time limit and retries", limits, ["time_limit", "retry"]],
    ["Mails", mail, ["mail"]],
    ["Maintenance windows", windows, ["windows"]],
    ["Jobs that follow", chains, ["then_run", "on_failure_run"]],
    ["How long executions are kept", keeping, ["keep_days", "keep_count"]],
  ];
  return html`<section class="panel" aria-labelledby="rules-title">
    <h2 id="rules-title">Rules</h2>
    ${parts.map(([title, content, keys]) => folded(form, title, content, keys))}
  </section>`;
}

function folded(form, title, content, keys) {
  const own = keys.filter((key) => form.draft.rules[key] !== null && form.draft.rules[key] !== undefined);
  return html`<details class="folded" id=${keys[0]}>
    <summary>${title} ${own.length ? html`<span class="own">changed</span>` : html`<span class="by-default">by default</span>`}</summary>
    ${content(form)}
  </details>`;
}

function missed(form) {
  const { rules } = form.draft;
  const { defaults } = form.data;
  const how = rules.missed ?? defaults.missed;
  const choices = [["", `by default: ${MISSED[defaults.missed]}`], ...Object.entries(MISSED)];
  return html`<p class="form-text">Instants that came while the server was down or busy.</p><div class="form-grid">
    ${select(form, { key: "missed", label: "Run afterwards", value: rules.missed ?? "", choices, set: (word) => (rules.missed = word || null) })}
    ${how === "all" ? wholeInput(form, "missed_limit", "At most so many", defaults.missed_limit) : nothing}
    ${how === "skip" ? nothing : durationInput(form, { key: "misfire", label: "At most so late", value: rules.misfire, unit: "minutes",
      hint: still("misfire", defaults.misfire), set: (seconds) => (rules.misfire = seconds) })}
    ${durationInput(form, { key: "grace", label: "Still on time when later by", value: rules.grace,
      hint: still("grace", defaults.grace), set: (seconds) => (rules.grace = seconds) })}
  </div>`;
}

function overlap(form) {
  const { rules } = form.draft;
  const { allow } = form.data.defaults.overlap;
  const usualWords = allow ? `up to ${allow} runs at a time` : "one at a time, others are skipped";
  const kind = rules.overlap === null ? "" : rules.overlap === "skip" ? "skip" : Object.keys(rules.overlap)[0];
  const choices = [["", `by default: ${usualWords}`], ["skip", "skip the new one"], ["queue", "let it wait"], ["allow", "run both"]];
  const set = (word) => (rules.overlap = { "": null, skip: "skip", queue: { queue: 5 }, allow: { allow: 3 } }[word]);
  const put = (text) => (rules.overlap = { [kind]: Number(text) });
  return html`<div class="form-grid">
    ${select(form, { key: "overlap", label: "What becomes of the new one", value: kind, choices, set })}
    ${kind === "queue" || kind === "allow" ? textInput(form, { key: "max_instances", type: "number", min: 1, step: 1, value: rules.overlap[kind],
      label: kind === "queue" ? "So many may wait" : "So many at a time", set: put }) : nothing}
  </div>`;
}

function limits(form) {
  const { rules } = form.draft;
  return html`<div class="form-grid">
      ${durationInput(form, { key: "time_limit", label: "End a run after", value: rules.time_limit, unit: "minutes", placeholder: "never", hint: "empty: never",
        set: (seconds) => (rules.time_limit = seconds) })}
    </div>${retry(form)}`;
}

function keeping(form) {
  const hint = "empty: as the server says";
  return html`<div class="form-grid">${wholeInput(form, "keep_days", "Days after their end", "", hint)}
    ${wholeInput(form, "keep_count", "Only the newest", "", hint)}</div>`;
}

function wholeInput(form, key, label, placeholder, hint = `empty: ${placeholder}`) {
  const { rules } = form.draft;
  const set = (text) => (rules[key] = text === "" ? null : Number(text));
  return textInput(form, { key, label, type: "number", min: 1, step: 1, value: rules[key], placeholder, hint, set });
}

function still(key, seconds) {
  return `empty: ${seconds === null ? "however late" : duration(seconds)}`;
}
