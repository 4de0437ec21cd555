/** A report to take away: its tables and plots for spreadsheets, or all of it. */

import { address } from "../../api.js";
import { html } from "../../lib.js";
import { icon } from "../../ui/icon.js";
import { plain } from "./output/ansi.js";

const LONGEST = 40;
const WHOLE = [["json", "All as JSON"], ["text", "All as text"], ["html", "All as HTML"]];

export function downloads({ execution_id: id, report }) {
  const file = (parameters) => address(`/executions/${id}/report`, parameters);
  const tables = report.flatMap(tabular);
  const named = (each, index) => `${tables.length > 1 ? `${index + 1}. ` : ""}${nameOf(each)} as CSV`;
  return html`<div class="dropdown">
    <button type="button" class="btn btn-sm btn-outline-secondary" data-bs-toggle="dropdown" aria-expanded="false">${icon("download")} Download</button>
    <div class="dropdown-menu dropdown-menu-end report-downloads">
      ${tables.map((each, index) => item(file({ format: "csv", table: index + 1 }), named(each, index)))}
      ${WHOLE.map(([format, words]) => item(file({ format }), words))}
    </div></div>`;
}

function item(href, words) {
  return html`<a class="dropdown-item" href=${href} download>${words}</a>`;
}

/** All tables and plots in the order in which they are read; one in another one comes behind it. */
function tabular(entry) {
  if (Array.isArray(entry)) return entry.flatMap(tabular);
  switch (entry?.type) {
    case "plot":
      return [entry];
    case "list":
      return tabular(entry.items);
    case "table":
      return [entry, ...tabular(entry.header), ...rowsOf(entry).flatMap(tabular), ...tabular(entry.footer)];
    default:
      return [];
  }
}

/** The rows of a table, with their headers. */
export function rowsOf({ rows, row_headers: heads }) {
  return heads ? rows.map((row, index) => [heads[index], ...row]) : rows;
}

function nameOf({ type, title, header, series }) {
  const words = type === "plot" ? title || series.map(({ name }) => name).filter(Boolean).join(", ") : (header ?? []).filter((cell) => typeof cell === "string").join(", ");
  const name = plain(words) || (type === "plot" ? "Plot" : "Table");
  return name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name;
}
