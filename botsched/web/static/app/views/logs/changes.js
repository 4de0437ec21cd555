/** What was changed: before and after, so that it is read at a glance. */

import { bytes } from "../../bytes.js";
import { _, html, nothing } from "../../lib.js";
import { absolute, duration } from "../../time.js";
import { fieldWords } from "./words.js";

const LONG = 160;
const SUMMARY = 60;
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;
const WITHOUT_DEFAULT = new Set(["managed_by", "paused_until", "reason", "windows", "retry", "then_run", "on_failure_run", "time_limit"]);
const SECONDS = new Set(["misfire", "grace", "time_limit"]);

/** `changes` as the audit log gives them. */
export function changesTable(changes) {
  return html`<dl class="changes">${changes.map((change) => html`<div class="change">
    <dt>${fieldWords(change.field)}</dt>
    <dd>${value(change, "before")}<span class="change-arrow" aria-hidden="true">→</span>${value(change, "after")}</dd>
  </div>`)}</dl>`;
}

function value({ field, ...sides }, side) {
  const data = sides[side];
  const text = shown(field, data);
  if (text === "") return html`<span class="change-none">${data === null && !WITHOUT_DEFAULT.has(field) ? "default" : "none"}</span>`;
  const marked = side === "before"
    ? html`<del><span class="visually-hidden">before: </span>${text}</del>`
    : html`<ins><span class="visually-hidden">after: </span>${text}</ins>`;
  return isLong(text) ? html`<details class="change-long"><summary>${side}: ${beginning(text)}</summary><pre tabindex="0" aria-label="All of it">${marked}</pre></details>` : marked;
}

/** A JSON value for people; arguments stay as they are written. */
function shown(field, data) {
  if (data === null || data === undefined) return "";
  if (field === "pub_args") return JSON.stringify(data);
  if (field === "size") return bytes(data);
  if (SECONDS.has(field) && _.isNumber(data)) return duration(data);
  return plain(data);
}

function plain(data) {
  if (data === true) return "yes";
  if (data === false) return "no";
  if (_.isString(data)) return INSTANT.test(data) ? absolute(data) : data;
  if (_.isArray(data)) return data.map(plain).join(data.every(_.isObject) ? "; " : ", ");
  if (_.isObject(data)) return Object.entries(data).map(([name, each]) => `${name.replaceAll("_", " ")} ${plain(each)}`).join(", ");
  return String(data);
}

/** Words that may be long: folded when they are. */
export function folded(text) {
  if (!text) return nothing;
  if (!isLong(text)) return html`<div class="log-remark">${text}</div>`;
  return html`<details class="log-remark"><summary>${beginning(text)}</summary><pre tabindex="0" aria-label="All of it">${text}</pre></details>`;
}

function isLong(text) {
  return text.length > LONG || text.includes("\n");
}

function beginning(text) {
  return `${text.slice(0, SUMMARY).split("\n")[0]}…`;
}
