/** Which lines are shown: all of them, or those of one stream. */

import { STREAMS } from "./lines.js";

export class Selection {
  constructor(lines) {
    this.lines = lines;
    this.stream = "";
  }

  get places() {
    return this.stream ? this.lines.ofStream[STREAMS.indexOf(this.stream)] : null;
  }

  get count() {
    return this.places?.length ?? this.lines.count;
  }

  /** The line at a place among those shown. */
  lineAt(place) {
    return this.places?.at(place) ?? place;
  }

  /** The place of a line, or of the next one when it is not shown. */
  placeOf(line) {
    return Math.min(this.places?.below(line) ?? line, Math.max(0, this.count - 1));
  }
}
