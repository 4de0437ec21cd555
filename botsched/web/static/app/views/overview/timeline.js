/** Past and future of the jobs on one axis, as a picture or as a table. */

import { get } from "../../api.js";
import { _, Backbone, html, nothing, render, svg } from "../../lib.js";
import { go } from "../../router.js";
import { now } from "../../time.js";
import { counted, percent, scaleOf, ticks } from "../../ui/chart.js";
import { setQuery } from "../../ui/query.js";
import { drawMark, marksOf } from "./marks.js";
import { timelineTable } from "./timelinetable.js";

const HOUR = 3600000;
const LANES = 16;
const BESIDE_NOW = 0.05;
/** How far back and ahead; what is asked for moves on in steps, so that tabs ask for the same. */
const ZOOMS = {
  "1h": { label: "1 h", past: 40 * 60000, future: 20 * 60000, step: 10000 },
  "6h": { label: "6 h", past: 4 * HOUR, future: 2 * HOUR, step: 30000 },
  "24h": { label: "24 h", past: 16 * HOUR, future: 8 * HOUR, step: 60000 },
  "7d": { label: "7 d", past: 112 * HOUR, future: 56 * HOUR, step: 300000 },
};

export class TimelineView extends Backbone.View {
  constructor() {
    super({ tagName: "section", className: "panel timeline", attributes: { "aria-labelledby": "timeline-title" } });
    Object.assign(this, { zoom: "24h", asTable: false, selected: null, lanes: [] });
  }

  /** Take zoom and form from the address. */
  read(query) {
    this.zoom = query.get("zoom") in ZOOMS ? query.get("zoom") : "24h";
    this.asTable = query.get("timeline") === "table";
  }

  async load(signal) {
    const { past, future, step } = ZOOMS[this.zoom];
    const middle = Math.floor(now() / step) * step;
    const period = { from: new Date(middle - past).toISOString(), to: new Date(middle + future + step).toISOString() };
    this.data = await get("/timeline", { ...period, jobs: LANES }, { signal });
    const before = this.chosen();
    this.lanes = this.data.lanes.map((lane) => ({ lane, marks: marksOf(lane) }));
    this.selected = before && this.found(before);
  }

  chosen() {
    const entry = this.lanes[this.selected?.lane];
    return entry && { job: entry.lane.job_id, from: entry.marks[this.selected.mark].from };
  }

  /** Where a mark is now that all was loaded anew; null when it is gone. */
  found({ job, from }) {
    const lane = this.lanes.findIndex((entry) => entry.lane.job_id === job);
    const mark = this.lanes[lane]?.marks.findIndex((each) => each.from === from) ?? -1;
    return mark < 0 ? null : { lane, mark };
  }

  render() {
    if (this.data) render(this.template(), this.el);
    if (this.selected && !this.asTable) this.place();
    return this;
  }

  template() {
    const { more_jobs: more } = this.data;
    return html`<div class="panel-head">
        <h2 id="timeline-title">Timeline</h2>
        <div class="btn-group btn-group-sm" role="group" aria-label="How much time is shown">
          ${Object.entries(ZOOMS).map(([name, { label }]) => html`<button type="button" class="btn btn-outline-secondary" aria-pressed=${name === this.zoom}
            @click=${() => setQuery({ zoom: name === "24h" ? "" : name })}>${label}</button>`)}
        </div>
        <button type="button" class="btn btn-sm btn-outline-secondary" aria-pressed=${this.asTable}
          @click=${() => setQuery({ timeline: this.asTable ? "" : "table" })}>Table</button>
      </div>
      ${this.lanes.length ? (this.asTable ? timelineTable(this.lanes, this.data) : this.picture()) : html`<p class="text-body-secondary mb-0">Nothing ran, and nothing is due in this time.</p>`}
      ${more ? html`<p class="note">At least ${counted(more, "more job has", "more jobs have")} something in this time. <a href="/jobs">All jobs</a></p>` : nothing}`;
  }

  picture() {
    const { from, to } = this.data;
    const scale = scaleOf(from, to);
    return html`<div class="lanes" role="group" tabindex="0" aria-label="Timeline of ${this.lanes.length} jobs. Arrow keys go from mark to mark, Enter opens one. The button Table shows the same as a table."
        @keydown=${(event) => this.key(event)} @pointerover=${(event) => this.point(event)} @pointerleave=${() => this.select(null)}
        @blur=${() => this.select(null)}>
      <div class="lane lane-axis" aria-hidden="true"><span></span><svg class="lane-track">
        ${ticks(from, to, 9).filter(({ at }) => Math.abs(scale(at) - scale(now())) > BESIDE_NOW).map(({ at, label }) => svg`<text class="tick" x=${percent(scale(at))} y="14">${label}</text>`)}
        <text class="tick tick-now" x=${percent(scale(now()))} y="14">now</text></svg></div>
      ${this.lanes.map((entry, index) => this.lane(entry, index, scale))}
      <div class="tl-tip" role="status" ?hidden=${!this.selected}>${this.tip()}</div>
    </div>
    ${LEGEND}`;
  }

  lane({ lane, marks }, number, scale) {
    const here = percent(scale(now()));
    const chosen = this.selected?.lane === number ? this.selected.mark : -1;
    const name = lane.exists ? html`<a class="lane-name" href="/jobs/${lane.job_id}" title=${lane.name}>${lane.name}</a>` : html`<span class="lane-name text-body-secondary">${lane.name} (deleted)</span>`;
    return html`<div class="lane">${name}<svg class="lane-track" data-lane=${number} aria-hidden="true">
      <line class="lane-line" x1="0" x2="100%" y1="14" y2="14"></line>
      ${marks.map((mark, index) => drawMark(mark, scale, index, index === chosen))}
      <line class="now-line" x1=${here} x2=${here} y1="0" y2="28"></line></svg></div>`;
  }

  tip() {
    if (!this.selected) return nothing;
    const { lane, marks } = this.lanes[this.selected.lane];
    return html`<strong>${lane.name}</strong> ${marks[this.selected.mark].words}`;
  }

  point(event) {
    const mark = event.target.closest?.(".tl-mark");
    this.select(mark ? { lane: Number(mark.closest("[data-lane]").dataset.lane), mark: Number(mark.dataset.index) } : null);
  }

  select(selected) {
    if (_.isEqual(this.selected, selected)) return;
    this.selected = selected;
    this.render();
  }

  /** Put the words beside what they are about, within the picture. */
  place() {
    const [box, tip, mark] = [".lanes", ".tl-tip", ".tl-mark.selected"].map((name) => this.el.querySelector(name));
    const [outer, inner] = [box.getBoundingClientRect(), mark.getBoundingClientRect()];
    const middle = (inner.left + inner.right) / 2 - outer.left - tip.offsetWidth / 2;
    tip.style.left = `${Math.max(0, Math.min(middle, outer.width - tip.offsetWidth))}px`;
    tip.style.top = `${inner.bottom - outer.top + 4}px`;
  }

  key(event) {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (step) this.step(...step);
    else if (event.key === "Escape" && this.selected) this.select(null);
    else if (event.key === "Enter" && this.selected && event.target.matches(".lanes")) go(this.lanes[this.selected.lane].marks[this.selected.mark].href);
    else return;
    event.preventDefault();
  }

  /** To the next mark in a lane, or to the one nearest in time in the next lane with any. */
  step(down, right) {
    const { lane, mark } = this.selected ?? { lane: right ? 0 : -1, mark: -1 };
    if (right) return this.reach(lane, mark < 0 ? this.nearest(lane, now()) : mark + right);
    let next = lane + down;
    while (this.lanes[next]?.marks.length === 0) next += down;
    const at = this.selected ? this.lanes[lane].marks[mark].from : now();
    return this.lanes[next] ? this.reach(next, this.nearest(next, at)) : undefined;
  }

  reach(lane, mark) {
    if (this.lanes[lane].marks[mark]) this.select({ lane, mark });
  }

  nearest(lane, at) {
    const distance = ({ from }) => Math.abs(new Date(from) - new Date(at));
    const marks = this.lanes[lane].marks;
    return marks.reduce((best, mark, index) => (distance(mark) < distance(marks[best]) ? index : best), 0);
  }
}

const LEGEND = html`<ul class="legend" aria-hidden="true">${[
  ["good", "good", "succeeded"], ["bad", "bad", "failed, timeout, lost"], ["going", "busy", "running"],
  ["warn", "warn", "missed"], ["quiet", "quiet", "skipped, stopped"], ["due", "quiet", "due"], ["dues", "quiet", "often due"],
].map(([shape, mood, words]) => html`<li><svg class="legend-mark">${drawMark({ from: 0.15, to: 0.85, mood, shape, href: "" }, (share) => share, 0, false)}</svg>${words}</li>`)}</ul>`;
