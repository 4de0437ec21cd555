/** An output as lines: each belongs to one stream, and stands where it began. */

import { lookAfter, plain, PLAIN, runs } from "./ansi.js";
import { GrowingArray } from "./growing.js";

export const STREAMS = ["out", "err"];

/**
 * Lines grow at the end only. Of what a carriage return overwrote, the last state stays.
 */
export class Lines {
  constructor() {
    this.texts = [];
    this.streams = new GrowingArray(Uint8Array);
    this.times = new GrowingArray(Float64Array);
    this.looks = new Map(); // of lines that do not begin plain
    this.ofStream = STREAMS.map(() => new GrowingArray(Uint32Array));
    this.open = [null, null];
    this.look = [PLAIN, PLAIN]; // in which the next line of each stream begins
    this.longest = 0;
  }

  get count() {
    return this.texts.length;
  }

  /** Lines that may yet grow. */
  get unfinished() {
    return this.open.filter((line) => line !== null);
  }

  /** Take a piece `{stream, time, text}`. */
  append({ stream: name, time, text }) {
    const stream = STREAMS.indexOf(name);
    const at = Date.parse(time);
    const parts = text.split("\n");
    const last = parts.pop();
    const isPlain = !/[\r\x1b]/.test(text);
    for (const part of parts) {
      if (isPlain && this.open[stream] === null && this.look[stream] === PLAIN) {
        this.add(stream, at, part);
      } else {
        this.write(stream, at, part);
        this.close(stream);
      }
    }
    if (last) this.write(stream, at, last);
  }

  write(stream, at, text) {
    const line = this.open[stream] ?? this.begin(stream, at);
    this.texts[line] = this.settled(line, this.texts[line] + text);
    this.longest = Math.max(this.longest, this.texts[line].length);
  }

  /** A line as it is. */
  add(stream, at, text) {
    const line = this.texts.push(text) - 1;
    this.streams.push(stream);
    this.times.push(at);
    this.ofStream[stream].push(line);
    if (text.length > this.longest) this.longest = text.length;
    return line;
  }

  begin(stream, at) {
    const line = this.add(stream, at, "");
    if (this.look[stream] !== PLAIN) this.looks.set(line, this.look[stream]);
    this.open[stream] = line;
    return line;
  }

  close(stream) {
    const line = this.open[stream];
    const text = this.texts[line];
    if (text.endsWith("\r")) this.texts[line] = text.replace(/\r+$/, "");
    const look = this.lookAt(line);
    if (look !== PLAIN || text.includes("\x1b")) {
      const after = lookAfter(look, text);
      this.look[stream] = Object.keys(after).length ? after : PLAIN;
    }
    this.open[stream] = null;
  }

  /** What is left of a line after its carriage returns. */
  settled(line, text) {
    const cut = text.lastIndexOf("\r", text.length - 2);
    if (cut < 0 || /^\r*$/.test(text.slice(cut))) return text;
    const look = lookAfter(this.lookAt(line), text.slice(0, cut));
    if (Object.keys(look).length) this.looks.set(line, look);
    return text.slice(cut + 1);
  }

  lookAt(line) {
    return this.looks.get(line) ?? PLAIN;
  }

  streamOf(line) {
    return STREAMS[this.streams.at(line)];
  }

  timeOf(line) {
    return this.times.at(line);
  }

  /** The text as it is read and searched. */
  plainText(line) {
    return plain(this.shown(line));
  }

  /** Runs of text with their looks, of at most so many characters of the line. */
  runsOf(line, limit) {
    return runs(this.shown(line).slice(0, limit), this.lookAt(line));
  }

  lengthOf(line) {
    return this.texts[line].length;
  }

  shown(line) {
    const text = this.texts[line];
    return text.endsWith("\r") ? text.replace(/\r+$/, "") : text;
  }
}
