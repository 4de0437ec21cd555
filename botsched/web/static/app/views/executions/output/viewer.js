/** Shows the output of one execution, while it is printed and afterwards. */

import { address } from "../../../api.js";
import { Backbone, html, nothing, render, repeat } from "../../../lib.js";
import { preferences } from "../../../preferences.js";
import { tell } from "../../../ui/toast.js";
import { bar } from "./bar.js";
import { Feed } from "./feed.js";
import { Lines } from "./lines.js";
import { LONGEST_SHOWN, row } from "./row.js";
import { Scroller } from "./scroller.js";
import { Search } from "./search.js";
import { Selection } from "./selection.js";

const SAMPLED = 500;
const LINE_HASH = /^#L(\d+)$/;

export class OutputViewer extends Backbone.View {
  /** `follows`: whether the end is shown at first, and as more is printed. */
  constructor({ id, follows }) {
    super({ className: "output panel", attributes: { "data-bs-theme": "dark" } });
    Object.assign(this, { id, follows, error: null });
    this.lines = new Lines();
    this.selection = new Selection(this.lines);
    this.search = new Search(this.lines, () => this.found());
    this.chosen = Number(LINE_HASH.exec(location.hash)?.[1] ?? 0) - 1;
    if (this.chosen >= 0) this.follows = false;
    this.build();
    this.feed = new Feed(id, this.lines, {
      took: () => this.took(),
      failed: (error) => this.render((this.error = error)),
    });
    this.listenTo(preferences, "change", () => this.restyle());
    this.hashed = () => this.jump();
    window.addEventListener("hashchange", this.hashed);
  }

  build() {
    render(html`<div class="output-head"></div>
      <div class="output-box" role="log" aria-live="off" aria-label="Output" tabindex="0">
        <div class="output-space"></div>
        <div class="output-layer"><div class="output-rows" @click=${(event) => this.clicked(event)}></div></div>
      </div>
      <div class="output-foot"></div>`, this.el);
    const [box, spacer, rows] = ["box", "space", "rows"].map((name) => this.el.querySelector(`.output-${name}`));
    this.box = box;
    const draw = (from, to) => this.draw(rows, from, to);
    this.scroller = new Scroller({ box, spacer, rows, draw, moved: (how) => this.moved(how) });
    box.addEventListener("scroll", () => rows.style.setProperty("--shift", `${-box.scrollLeft}px`), { passive: true });
    this.restyle();
  }

  remove() {
    this.feed.stop();
    this.search.stop();
    this.scroller.remove();
    window.removeEventListener("hashchange", this.hashed);
    return super.remove();
  }

  get isWrapped() {
    return preferences.get("wrap") === "on";
  }

  get hasStamps() {
    return preferences.get("stamps") === "on";
  }

  get fileAddress() {
    return address(`/executions/${this.id}/output`, { format: "text", stream: this.selection.stream });
  }

  /** The bar and the line below; the lines themselves are drawn by the scroller. */
  render() {
    render(bar(this), this.el.querySelector(".output-head"));
    render(this.foot(), this.el.querySelector(".output-foot"));
    return this;
  }

  foot() {
    const { feed, lines } = this;
    const resume = html`<button type="button" class="btn btn-sm btn-primary output-resume" @click=${() => this.follow(true)}>Follow the end</button>`;
    return html`<span role="status">${this.words(feed)}</span>
      ${feed && !feed.ended && !this.follows && lines.count ? resume : nothing}`;
  }

  words(feed) {
    if (!feed) return "Loading…";
    const count = this.selection.count;
    const lines = `${count.toLocaleString("en")} ${count === 1 ? "line" : "lines"}`;
    if (this.error) return `${lines}. ${this.error.message}`;
    if (feed.isComplete) return count ? lines : "It printed nothing.";
    if (feed.next < feed.last) return `${lines}, loading: ${Math.floor(100 * feed.part)} %`;
    return feed.ended || !feed.last ? `${lines}${feed.ended ? "" : ", waiting for output"}` : `${lines}, still running`;
  }

  draw(element, from, to) {
    const { pattern, line: foundLine } = this.search;
    const lines = [];
    for (let place = from; place < to; place += 1) lines.push(this.selection.lineAt(place));
    const options = { pattern, stamps: this.hasStamps };
    render(repeat(lines, (line) => line, (line) =>
      row(this.lines, line, { ...options, isChosen: line === this.chosen, isFound: line === foundLine })), element);
  }

  took() {
    this.error = null;
    if (this.chosen >= 0 && !this.hasJumped && this.lines.count > this.chosen) this.jump();
    this.search.more();
    this.update();
  }

  /** More lines, or other ones, or in another shape. */
  update() {
    this.measure();
    if (this.follows) this.scroller.toEnd();
    else this.scroller.show();
    this.render();
  }

  measure() {
    const sample = this.box.querySelector(".output-line");
    this.scroller.count = this.selection.count;
    this.scroller.rowHeight = parseFloat(getComputedStyle(this.box).lineHeight) || 18;
    const columns = this.columns(sample);
    this.scroller.average = this.isWrapped ? this.averageRows(columns) : 1;
    const width = this.isWrapped ? 0 : Math.min(this.lines.longest, LONGEST_SHOWN + 60);
    this.box.style.setProperty("--columns", width);
    this.box.style.setProperty("--digits", String(Math.max(3, String(this.lines.count).length)));
  }

  columns(sample) {
    const text = sample?.querySelector(".output-text");
    this.letter ??= text ? letterWidth(this.box) : 0;
    return text && this.letter ? Math.max(10, Math.floor(text.clientWidth / this.letter)) : 80;
  }

  /** How many rows of the screen a line takes, of some lines from all over the output. */
  averageRows(columns) {
    const step = Math.max(1, Math.floor(this.selection.count / SAMPLED));
    let rows = 0;
    let looked = 0;
    for (let place = 0; place < this.selection.count; place += step, looked += 1) {
      const length = Math.min(this.lines.lengthOf(this.selection.lineAt(place)), LONGEST_SHOWN);
      rows += Math.max(1, Math.ceil(length / columns));
    }
    return looked ? rows / looked : 1;
  }

  restyle() {
    this.el.classList.toggle("is-wrapped", this.isWrapped);
    this.el.classList.toggle("has-stamps", this.hasStamps);
    this.update();
  }

  moved({ isUp, isAtEnd }) {
    const follows = this.follows ? !isUp || isAtEnd : isAtEnd && this.feed && !this.feed.ended;
    if (follows !== this.follows) {
      this.follows = follows;
      this.render();
    }
  }

  follow(follows) {
    this.follows = follows;
    this.update();
  }

  toggle(name) {
    preferences.set(name, preferences.get(name) === "on" ? "off" : "on");
  }

  select(stream) {
    this.selection.stream = stream;
    this.update();
  }

  seek(text) {
    this.search.begin(text);
    this.update();
  }

  found() {
    this.scroller.show();
    this.render();
  }

  step(direction) {
    const first = this.box.querySelector(".output-line");
    const line = this.search.step(direction, Number(first?.dataset.line ?? 1) - 1);
    if (line !== null) this.goTo(line);
  }

  goTo(line) {
    this.follows = false;
    if (this.selection.stream && this.lines.streamOf(line) !== this.selection.stream) this.selection.stream = "";
    this.measure();
    this.scroller.to(this.selection.placeOf(line));
    this.render();
  }

  /** The line that the address names. */
  jump() {
    const line = Number(LINE_HASH.exec(location.hash)?.[1] ?? 0) - 1;
    this.chosen = line;
    this.hasJumped = true;
    if (line >= 0 && line < this.lines.count) this.goTo(line);
  }

  clicked(event) {
    const number = event.target.closest(".output-number");
    if (!number) return;
    event.preventDefault();
    history.replaceState(history.state, "", number.getAttribute("href"));
    this.chosen = Number(number.closest(".output-line").dataset.line) - 1;
    this.follows = false;
    this.update();
  }

  async copy() {
    const texts = Array.from({ length: this.selection.count }, (_, place) => this.lines.plainText(this.selection.lineAt(place)));
    await navigator.clipboard.writeText(texts.join("\n"));
    tell(texts.length === 1 ? "One line is copied." : `${texts.length.toLocaleString("en")} lines are copied.`);
  }
}

function letterWidth(box) {
  const probe = document.createElement("span");
  probe.className = "output-probe";
  probe.textContent = "0".repeat(100);
  box.append(probe);
  const width = probe.getBoundingClientRect().width / 100;
  probe.remove();
  return width;
}
