/**
 * Scrolls through any number of rows of any height, of which only those in view are in the page.
 *
 * How far the bar is down, as a part of its way, names a place among all rows (with a fraction,
 * within a row); and at the same part of the height of the view that place is shown. So the first
 * row begins at the top, the last one ends at the bottom, and no height has to be known beforehand.
 */

const TALLEST = 15_000_000; // pixels that all browsers can scroll through

export class Scroller {
  /** `draw(from, to)` puts these rows, in order, into `rows`; `moved()` hears of the reader. */
  constructor({ box, spacer, rows, draw, moved }) {
    Object.assign(this, { box, spacer, rows, draw, moved, count: 0, rowHeight: 18, average: 1 });
    this.top = 0;
    box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    box.addEventListener("keydown", (event) => this.pressed(event));
    this.watching = new ResizeObserver(() => this.show());
    this.watching.observe(box);
  }

  remove() {
    this.watching.disconnect();
    cancelAnimationFrame(this.frame);
  }

  get height() {
    return this.box.clientHeight;
  }

  get way() {
    return Math.max(0, this.spacer.offsetHeight - this.height);
  }

  get part() {
    return this.way ? Math.min(1, this.box.scrollTop / this.way) : 0;
  }

  get isAtEnd() {
    return this.box.scrollTop >= this.way - 2;
  }

  /** Show again in the next frame: the number of rows, or what is in them, has changed. */
  show() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.place();
    });
  }

  /** Go to the end, and show it. */
  toEnd() {
    this.stretch();
    this.box.scrollTop = this.way;
    this.place();
    this.box.scrollTop = this.way; // rows that are taller than usual may have lengthened the way
    this.place();
  }

  /** Go to a row, and show it in the middle, as far as the ends allow that. */
  to(row) {
    this.stretch();
    this.box.scrollTop = ((row + 0.5) / Math.max(1, this.count)) * this.way;
    this.place();
    const drawn = this.rows.children[row - this.from]?.getBoundingClientRect();
    if (!drawn) return;
    this.by(drawn.top + drawn.height / 2 - this.box.getBoundingClientRect().top - this.height / 2);
    this.place();
  }

  stretch() {
    const wanted = Math.ceil(this.count * this.rowHeight * this.average);
    const height = Math.max(Math.min(wanted, TALLEST), this.drawnWhole ?? 0);
    if (height === this.stretched) return;
    this.stretched = height;
    this.spacer.style.height = `${height}px`;
    this.box.style.setProperty("--content", `${height}px`);
  }

  /** Draw the rows around the place where the bar stands, and put them where they belong. */
  place() {
    if (this.height === 0) return;
    this.stretch();
    const place = this.part * this.count;
    const anchor = Math.max(0, Math.min(Math.floor(place), this.count - 1));
    const around = Math.ceil(this.height / this.rowHeight) + 1;
    const from = Math.max(0, anchor - around);
    const to = Math.min(this.count, anchor + around + 1);
    this.from = from;
    this.draw(from, to);
    this.noteWhole(from === 0 && to === this.count);
    const row = this.rows.children[anchor - from];
    const at = row ? row.offsetTop + (place - anchor) * row.offsetHeight : 0;
    this.rows.style.transform = `translateY(${Math.round(this.way ? this.part * this.height - at : 0)}px)`;
  }

  /** When all rows are drawn, their height is known. */
  noteWhole(isWhole) {
    const before = this.drawnWhole;
    this.drawnWhole = isWhole ? this.rows.offsetHeight : undefined;
    if (this.drawnWhole !== before) this.stretch();
  }

  scrolled() {
    const isUp = this.box.scrollTop < this.top - 1;
    this.top = this.box.scrollTop;
    this.moved({ isUp, isAtEnd: this.isAtEnd });
    this.show();
  }

  /** Keys move by what is seen, however tall rows are and however many there are. */
  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.box) return;
    const page = Math.max(this.height / 2, this.height - 2 * this.usualHeight);
    const steps = { ArrowDown: this.rowHeight, ArrowUp: -this.rowHeight, PageDown: page, PageUp: -page, " ": event.shiftKey ? -page : page };
    if (event.key === "Home") this.box.scrollTop = 0;
    else if (event.key === "End") this.toEnd();
    else if (steps[event.key]) this.by(steps[event.key]);
    else return;
    event.preventDefault();
  }

  /** Of the rows that are drawn now. */
  get usualHeight() {
    return this.rows.offsetHeight / (this.rows.children.length || 1) || this.rowHeight;
  }

  by(pixels) {
    const whole = this.usualHeight * this.count;
    this.box.scrollTop += (pixels * this.way) / Math.max(1, whole - this.height);
  }
}
