/** Looks for a text in all lines, in slices of time, so that nothing freezes. */

import { GrowingArray } from "./growing.js";

const SLICE_MS = 12;
const LINES_AT_A_TIME = 500;

export class Search {
  /** `changed()` is called whenever more was found or all was looked through. */
  constructor(lines, changed) {
    Object.assign(this, { lines, changed, current: -1, checked: 0, unfinished: [] });
    this.found = new GrowingArray(Uint32Array);
    this.pattern = null;
  }

  get isSearching() {
    return this.pattern !== null && this.checked < this.lines.count;
  }

  /** Begin anew with a text, in upper or lower case; an empty one ends the search. */
  begin(text) {
    this.pattern = text ? new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gi") : null;
    this.found = new GrowingArray(Uint32Array);
    Object.assign(this, { checked: 0, current: -1, unfinished: this.lines.unfinished });
    this.go();
  }

  /** Lines came, and those that were not at their end may have grown: these are looked at again. */
  more() {
    const other = this.unfinished.filter((line) => line < this.checked && this.isFound(line) !== this.fits(line));
    if (other.length) this.lookFrom(Math.min(...other));
    this.unfinished = this.lines.unfinished;
    this.go();
  }

  lookFrom(line) {
    this.checked = line;
    this.found.length = this.found.below(line);
    if (this.current >= this.found.length) this.current = -1;
  }

  isFound(line) {
    const place = this.found.below(line);
    return place < this.found.length && this.found.at(place) === line;
  }

  fits(line) {
    if (!this.pattern) return false;
    this.pattern.lastIndex = 0;
    return this.pattern.test(this.lines.plainText(line));
  }

  /** Look through lines that were not looked at yet. */
  go() {
    if (!this.pattern || this.timer) return;
    this.timer = setTimeout(() => this.slice(), 0);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  slice() {
    this.timer = undefined;
    if (!this.pattern) return;
    const end = performance.now() + SLICE_MS;
    while (this.checked < this.lines.count && performance.now() < end) this.some();
    if (this.isSearching) this.go();
    this.changed();
  }

  some() {
    const end = Math.min(this.checked + LINES_AT_A_TIME, this.lines.count);
    for (; this.checked < end; this.checked += 1) {
      if (this.fits(this.checked)) this.found.push(this.checked);
    }
  }

  /** Go to the next (1) or previous (-1) line that has it, from `line` at first; gives the line. */
  step(direction, line) {
    const count = this.found.length;
    if (count === 0) return null;
    if (this.current >= 0) this.current = (this.current + direction + count) % count;
    else this.current = direction > 0 ? this.found.below(line) % count : (this.found.below(line) + count - 1) % count;
    return this.found.at(this.current);
  }

  /** The line that was gone to last. */
  get line() {
    return this.current >= 0 ? this.found.at(this.current) : null;
  }
}
