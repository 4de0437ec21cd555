/** Brings an output into the browser, piece by piece, and goes on while more is printed. */

import { get } from "../../../api.js";
import { stream } from "../../../stream.js";

const PAGE = 1_000_000; // characters
const POLL_MS = 2000;
const LEAST_MS = 250;

/** Events by call: `took()` after pieces came, `failed(error)`. */
export class Feed {
  constructor(id, lines, { took, failed }) {
    Object.assign(this, { id, lines, took, failed, next: 0, last: 0, ended: false, error: null });
    this.told = ({ execution_id: about }) => about === id && this.soon();
    stream.on("output", this.told);
    stream.on("reset state", () => this.soon(), this);
    this.soon(0);
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.loading?.abort();
    stream.off(null, this.told);
    stream.off(null, null, this);
  }

  get isComplete() {
    return this.ended && this.next >= this.last;
  }

  /** How much of what is there has come: 0 to 1. */
  get part() {
    return this.last ? this.next / this.last : 0;
  }

  /** Ask again soon; while it is asking already, right after that. */
  soon(wait = LEAST_MS) {
    if (this.isStopped || this.isComplete) return;
    if (this.loading) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  async ask() {
    this.loading = new AbortController();
    this.again = false;
    try {
      const parameters = { after: this.next, size: PAGE };
      const answer = await get(`/executions/${this.id}/output`, parameters, { signal: this.loading.signal });
      this.take(answer);
    } catch (error) {
      if (this.isStopped) return;
      this.error = error;
      this.failed(error);
    }
    this.loading = undefined;
    if (this.error?.status === 404) return;
    if (this.error === null && this.next < this.last) this.soon(0);
    else if (this.again) this.soon();
    else if (this.error || stream.state !== "connected") this.soon(POLL_MS); // else we are told
  }

  take({ output, next, last, ended }) {
    for (const piece of output) this.lines.append(piece);
    Object.assign(this, { next, last: Math.max(last, next), ended, error: null });
    this.took(output);
  }
}
