/** What stands in a lane of the timeline: where, in which shape, and in which words. */

import { svg } from "../../lib.js";
import { absolute, between, duration, now, relative, timeOfDay, zone } from "../../time.js";
import { counted, percent } from "../../ui/chart.js";
import { moodOf } from "../../ui/state.js";
import { executions } from "./addresses.js";

const WORST_FIRST = ["bad", "warn", "busy", "good", "quiet"];
const LEAST = 0.0005;

/** All marks of a lane from left to right: `{from, to, mood, shape, words, href}`. */
export function marksOf(lane) {
  return [...lane.past.map((mark) => pastMark(lane, mark)), ...lane.due.map((due) => dueMark(lane, due))];
}

function pastMark(lane, mark) {
  const states = Object.keys(mark.states);
  const mood = states.length ? WORST_FIRST.find((each) => states.some((state) => moodOf(state) === each)) : "quiet";
  return { from: mark.from, to: mark.to ?? now(), mood, shape: mark.to ? mood : "going", words: pastWords(mark), href: pastAddress(lane, mark) };
}

function pastWords({ from, to, count, states, execution_id: id }) {
  const [state] = Object.keys(states);
  if (!to) return `${state} since ${absolute(from)}, for ${duration(Math.round(between(from, null)))}`;
  if (!id) return `${counted(count, "execution")}, ${stretch(from, to)}: too many to be told apart`;
  if (count === 1) return `${state}, ${absolute(from)}, ${duration(between(from, to))}`;
  return `${Object.entries(states).map(([each, number]) => `${number} ${each}`).join(", ")}, ${stretch(from, to)}`;
}

function pastAddress(lane, { from, to, count, execution_id: id }) {
  if (count === 1) return `/executions/${id}`;
  return executions({ job_id: lane.job_id, from, to });
}

function dueMark(lane, { from, to, count }) {
  const words = count === 1 ? `due ${absolute(from, { seconds: false })}, ${relative(from)}` : `${counted(count, "instant")} due, ${stretch(from, to)}`;
  return { from, to, mood: "quiet", shape: count === 1 ? "due" : "dues", words, href: `/jobs/${lane.job_id}` };
}

function stretch(from, to) {
  return `${absolute(from, { seconds: false })} to ${timeOfDay(to, zone())}`;
}

/** The shapes differ as well as the colours, for those who cannot tell these apart. */
const SHAPES = {
  good: (x, width) => svg`<rect x=${x} width=${width} y="10" height="8"></rect>`,
  quiet: (x, width) => svg`<rect class="hollow" x=${x} width=${width} y="12" height="4"></rect>`,
  going: (x, width) => svg`<rect class="going" x=${x} width=${width} y="8" height="12"></rect>`,
  busy: (x, width) => svg`<rect class="going" x=${x} width=${width} y="8" height="12"></rect>`,
  dues: (x, width) => svg`<rect class="hollow dashed" x=${x} width=${width} y="10" height="8" rx="4"></rect>`,
  bad: (x, width, middle) => svg`<rect x=${x} width=${width} y="8" height="12"></rect>${sign(middle, "M0 -13 L4.5 -5.5 L-4.5 -5.5 Z")}`,
  warn: (x, width, middle) => svg`<rect class="hollow" x=${x} width=${width} y="12" height="4"></rect>${sign(middle, "M0 -6 L6 0 L0 6 L-6 0 Z")}`,
  due: (x, width, middle) => svg`<svg x=${middle} y="14" overflow="visible"><circle class="hollow" r="3.5"></circle></svg>`,
};

function sign(x, path) {
  return svg`<svg x=${x} y="14" overflow="visible"><path d=${path}></path></svg>`;
}

export function drawMark(mark, scale, index, selected) {
  const left = scale(mark.from);
  const width = Math.max(scale(mark.to) - left, LEAST);
  const [x, share, middle] = [percent(left), percent(width), percent(left + width / 2)];
  return svg`<a class="tl-mark mood-${mark.mood} ${selected ? "selected" : ""}" href=${mark.href} tabindex="-1" data-index=${index}>
    <rect class="tl-target" x=${x} width=${share} height="28"></rect>
    ${SHAPES[mark.shape](x, share, middle)}
  </a>`;
}
