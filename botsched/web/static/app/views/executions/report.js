/** The report of an execution: its items as elements of the page, and every text as text. */

import { html, nothing } from "../../lib.js";
import { counted } from "../../ui/chart.js";
import { rowsOf } from "./downloads.js";
import { plain } from "./output/ansi.js";
import { plot } from "./plot.js";

const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"]);
const KINDS = {
  title: heading,
  section: heading,
  subsection: heading,
  text: ({ text, tag }, level) => TAGS[tag]?.(text, level) ?? paragraphs(text),
  code: ({ text }) => code(text),
  data: ({ value }) => code(JSON.stringify(value, null, 2)),
  file,
  image: picture,
  list: ({ items, ordered }) => (ordered ? html`<ol>${items.map(point)}</ol>` : html`<ul>${items.map(point)}</ul>`),
  plot,
  table,
};

const TAGS = {
  h1: (text, level) => heading({ type: "title", text }, level),
  h2: (text, level) => heading({ type: "section", text }, level),
  h3: (text, level) => heading({ type: "subsection", text }, level),
  pre: code,
  blockquote: (text) => html`<blockquote class="report-quote">${paragraphs(text)}</blockquote>`,
  strong: (text) => paragraphs(text, (words) => html`<strong>${words}</strong>`),
  em: (text) => paragraphs(text, (words) => html`<em>${words}</em>`),
};

const HEADINGS = ["title", "section", "subsection"];
const UPPERMOST = 3;
const MOST_ROWS = 1000; // ten times as many take a browser seconds

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

function paragraphs(text, look = (words) => words) {
  return plain(text).trim().split(/\n\s*\n/).map((each) => html`<p class="report-text">${look(each)}</p>`);
}

function code(text) {
  return html`<pre class="report-code" tabindex="0"><code>${plain(text)}</code></pre>`;
}

/** What it holds is looked at nowhere, only saved. */
function file({ name, data }) {
  return html`<p><a href="data:application/octet-stream;base64,${data}" download=${name}>${plain(name)}</a></p>`;
}

function picture({ data, media_type: type, alt, width, height, address }) {
  if (address) return elsewhere(address, plain(alt || address));
  const words = plain(alt || "a picture without description");
  if (!PICTURES.has(type)) return html`<p class="text-body-secondary">(${words}: pictures of the type ${plain(type)} are not shown)</p>`;
  return html`<p><img class="report-image" src="data:${type};base64,${data}" alt=${words} width=${width ?? nothing} height=${height ?? nothing}></p>`;
}

/** A picture of another server is never loaded: that would tell it who reads the report. */
function elsewhere(address, words) {
  if (!/^https?:/i.test(address)) return html`<p>${words}</p>`;
  return html`<p><a href=${address} target="_blank" rel="noopener noreferrer">${words}</a></p>`;
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

function table(data) {
  const { header, row_headers: heads, footer } = data;
  const rows = rowsOf(data);
  const shown = rows.slice(0, MOST_ROWS);
  const numeric = (rows[0] ?? []).map((_, index) => rows.every((row) => row[index] === null || typeof row[index] === "number"));
  const kind = (index) => (numeric[index] ? "number" : nothing);
  const head = html`<thead><tr>${header.map((cell, index) => html`<th scope="col" class=${kind(index)}>${content(cell)}</th>`)}</tr></thead>`;
  const line = (row) => html`<tr>${row.map((cell, index) => (heads && !index ? html`<th scope="row" class=${kind(index)}>${content(cell)}</th>` : html`<td class=${kind(index)}>${content(cell)}</td>`))}</tr>`;
  return html`<div class="report-table" tabindex="0" role="region" aria-label="Table"><table class="table table-sm">
    ${header.length ? head : nothing}
    <tbody>${shown.map(line)}</tbody>
    ${footer ? html`<tfoot>${line(footer)}</tfoot>` : nothing}
  </table></div>
  ${shown.length < rows.length ? html`<p class="form-text">The first ${counted(shown.length, "row")} of ${rows.length.toLocaleString("en")}; the download has all.</p>` : nothing}`;
}
