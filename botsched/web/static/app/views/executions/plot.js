/** A plot of a report: lines as SVG, bars as a table; the numbers themselves are folded behind it. */

import { html, nothing, svg } from "../../lib.js";
import { counted, percent } from "../../ui/chart.js";
import { plain } from "./output/ansi.js";

const STEPS = 4;
const ROUND = [1, 2, 2.5, 5, 10];
const SMALLEST = 1e-90;
const [WIDTH, HEIGHT] = [1000, 300];
const MOST_ROWS = 200;

/** `series`: each a name and its values, null where one is missing; `x` says what they belong to. */
export function plot({ kind, title = "", unit = "", x, series }) {
  const values = series.flatMap((each) => each.values).filter((value) => value !== null);
  if (!values.length) return html`<figure class="plot">${caption(title)}<p class="text-body-secondary">No numbers to draw.</p></figure>`;
  const isBars = kind === "bars";
  return html`<figure class="plot">${caption(title)}
    ${isBars ? bars(x, series, unit, values) : lines(x, series, unit, values)}
    ${series.some(({ name }) => name) ? html`<ul class="plot-legend">${series.map(({ name }, index) => html`<li class="plot-${index}"><span class="plot-key"></span>${plain(name)}</li>`)}</ul>` : nothing}
    ${isBars ? nothing : numbers(x, series, unit)}
  </figure>`;
}

function caption(title) {
  return title ? html`<figcaption class="plot-title">${plain(title)}</figcaption>` : nothing;
}

function lines(x, series, unit, values) {
  const scale = fit(values);
  const across = places(x);
  const words = `${counted(x.length, "value")}, from ${number(Math.min(...values), unit)} to ${number(Math.max(...values), unit)}`;
  const grid = Array.from({ length: STEPS + 1 }, (_, step) => (HEIGHT * step) / STEPS);
  return html`<div class="plot-lines">
    <div class="plot-ticks" aria-hidden="true">${grid.map((_, step) => html`<span>${number(scale.low + (STEPS - step) * scale.step, unit)}</span>`)}</div>
    <svg class="plot-box" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${words}>
      ${grid.map((y) => svg`<line class="plot-grid" x1="0" x2=${WIDTH} y1=${y} y2=${y}></line>`)}
      ${series.map((each, index) => svg`<path class="plot-line plot-${index}" d=${course(each.values, across, scale)}></path>`)}
    </svg>
    <div class="plot-ends" aria-hidden="true"><span>${text(x[0])}</span><span>${x.length > 1 ? text(x.at(-1)) : nothing}</span></div>
  </div>`;
}

/** From point to point; behind a missing value it begins anew, and a point alone is a dot. */
function course(values, across, { low, step }) {
  let isDrawing = false;
  return values.map((value, index) => {
    if (value === null) {
      isDrawing = false;
      return "";
    }
    const [left, top] = [across[index] * WIDTH, (1 - (value - low) / (STEPS * step)) * HEIGHT].map((each) => each.toFixed(1));
    const isAlone = !isDrawing && (values[index + 1] ?? null) === null;
    const begins = !isDrawing;
    isDrawing = true;
    return begins ? `M${left} ${top}${isAlone ? "m-2 0h4" : ""}` : `L${left} ${top}`;
  }).join("");
}

/** Numbers stand at their place, texts at equal distances. */
function places(x) {
  const at = x.every((each) => typeof each === "number") ? x : x.map((_, index) => index);
  const span = at.at(-1) - at[0];
  return at.map((each) => (span ? (each - at[0]) / span : 0.5));
}

/** The finest round scale; it begins or ends at 0, unless the values are far away from it. */
function fit(values) {
  let [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low;
  if (low > 0 && (low <= span || !span)) low = 0;
  else if (high < 0 && (-high <= span || !span)) high = 0;
  if (high - low < SMALLEST) high = low + 1;
  for (let size = 10 ** Math.floor(Math.log10((high - low) / STEPS)); ; size *= 10) {
    const step = ROUND.map((factor) => factor * size).find((each) => Math.floor(low / each) * each + STEPS * each >= high);
    if (step) return { low: Math.floor(low / step) * step, step };
  }
}

/** One line for each value, with its number; the bars begin at 0. */
function bars(x, series, unit, values) {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const share = (value) => (value - low) / (high - low || 1);
  const line = (place, { name, values: own }, index, at) => html`<tr><th scope="row">${index ? html`<span class="visually-hidden">${text(place)}</span>` : text(place)}${name ? html`<span class="visually-hidden">, ${plain(name)}</span>` : nothing}</th>
    <td class="plot-bar">${own[at] === null ? nothing : bar(share(Math.min(0, own[at])), share(Math.max(0, own[at])), index)}</td>
    <td class="number">${own[at] === null ? nothing : number(own[at], unit)}</td></tr>`;
  return html`<table class="plot-bars"><tbody>${x.map((place, at) => series.map((each, index) => line(place, each, index, at)))}</tbody></table>`;
}

function bar(begin, end, index) {
  return html`<svg aria-hidden="true">${svg`<rect class="plot-${index}" x=${percent(begin)} width=${percent(end - begin)} height="100%"></rect>`}</svg>`;
}

/** The same as a table, for who wants to know exactly, or does not see lines. */
function numbers(x, series, unit) {
  const shown = x.slice(0, MOST_ROWS);
  const cell = (value) => html`<td class="number">${value === null ? nothing : number(value, unit)}</td>`;
  return html`<details class="plot-numbers"><summary>The numbers</summary><div class="report-table" tabindex="0" role="region" aria-label="Numbers of the plot"><table class="table table-sm">
    <thead><tr><td></td>${series.map(({ name }) => html`<th scope="col" class="number">${plain(name) || "value"}</th>`)}</tr></thead>
    <tbody>${shown.map((place, index) => html`<tr><th scope="row">${text(place)}</th>${series.map(({ values }) => cell(values[index]))}</tr>`)}</tbody></table></div>
    ${shown.length < x.length ? html`<p class="form-text">The first ${MOST_ROWS}; the download has all ${x.length.toLocaleString("en")}.</p>` : nothing}</details>`;
}

function text(place) {
  return typeof place === "number" ? number(place) : plain(place);
}

function number(value, unit = "") {
  const digits = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  return unit ? `${digits} ${plain(unit)}` : digits;
}
