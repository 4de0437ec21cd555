/** The report of an execution: its items as elements of the page, and every text as text. */

import { html, nothing } from "../../lib.js";
import { plain } from "./output/ansi.js";

const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"]);
const KINDS = {
  title: heading,
  section: heading,
  subsection: heading,
  text: ({ text }) => paragraphs(text).map((each) => html`<p class="report-text">${each}</p>`),
  code: ({ text }) => code(text),
  data: ({ value }) => code(JSON.stringify(value, null, 2)),
  image: picture,
  list: ({ items, ordered }) => (ordered ? html`<ol>${items.map(point)}</ol>` : html`<ul>${items.map(point)}</ul>`),
  table,
};

const HEADINGS = ["title", "section", "subsection"];
const UPPERMOST = 3;

/** The items of a report, as the REST API tells them. */
export function report(items) {
  const used = HEADINGS.filter((type) => items.some((each) => each.type === type));
  return html`<div class="report">${items.map((each) => item(each, UPPERMOST + used.indexOf(each.type)))}</div>`;
}

/** `level`: that of a heading, without gaps whichever of them a report uses. */
function item(data, level = UPPERMOST) {
  return KINDS[data.type]?.(data, level) ?? nothing;
}

function heading({ type, text }, level) {
  return html`<div class="report-heading report-${type}" role="heading" aria-level=${level}>${plain(text)}</div>`;
}

function paragraphs(text) {
  return plain(text).trim().split(/\n\s*\n/);
}

function code(text) {
  return html`<pre class="report-code" tabindex="0"><code>${plain(text)}</code></pre>`;
}

function picture({ data, media_type: type, alt }) {
  const words = plain(alt || "a picture without description");
  if (!PICTURES.has(type)) return html`<p class="text-body-secondary">(${words}: pictures of the type ${plain(type)} are not shown)</p>`;
  return html`<p><img class="report-image" src="data:${type};base64,${data}" alt=${words}></p>`;
}

function point(entry) {
  return html`<li>${content(entry)}</li>`;
}

/** What a cell or a point of a list holds: a value, an item, or several of them. */
function content(entry) {
  if (Array.isArray(entry)) return entry.map((part) => html`<div>${content(part)}</div>`);
  if (entry === null || entry === undefined) return nothing;
  return typeof entry === "object" ? item(entry) : plain(String(entry));
}

function table({ rows, header }) {
  const numeric = (rows[0] ?? []).map((_, index) => rows.every((row) => row[index] === null || typeof row[index] === "number"));
  const kind = (index) => (numeric[index] ? "number" : nothing);
  const head = html`<thead><tr>${header.map((cell, index) => html`<th scope="col" class=${kind(index)}>${content(cell)}</th>`)}</tr></thead>`;
  return html`<div class="report-table" tabindex="0" role="region" aria-label="Table"><table class="table table-sm">
    ${header.length ? head : nothing}
    <tbody>${rows.map((row) => html`<tr>${row.map((cell, index) => html`<td class=${kind(index)}>${content(cell)}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}
