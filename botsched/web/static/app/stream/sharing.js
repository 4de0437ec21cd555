// One tab of a browser, the leader, has the connection; the others hear by it. Browsers allow six
// connections to a server, and each stream takes one for good.

import { Source } from "./source.js";

const NAME = "bots-scheduler-events";

/** Begin to hear what is told behind `place`. Gives `close`. */
export function open(place, hearer) {
  const canShare = "locks" in navigator && "BroadcastChannel" in window && window.isSecureContext;
  return canShare ? share(place, hearer) : alone(place, hearer);
}

function alone(place, hearer) {
  const source = new Source(place, hearer);
  return { close: () => source.close() };
}

function share(place, hearer) {
  const tab = new Tab(place, hearer);
  const end = new AbortController();
  // The browser gives the lock to the next tab when this one closes or crashes.
  navigator.locks
    .request(NAME, { signal: end.signal }, () => tab.lead())
    .catch((error) => {
      if (error.name !== "AbortError") tab.lead();
    });
  return {
    close: () => {
      end.abort();
      tab.close();
    },
  };
}

class Tab {
  constructor(place, hearer) {
    this.place = place;
    this.hearer = hearer;
    this.state = "connecting";
    this.source = null;
    this.channel = new BroadcastChannel(NAME);
    this.channel.onmessage = ({ data }) => this.hear(data);
    this.channel.postMessage({ kind: "who" });
  }

  /** Have the connection from now on, going on where this tab has heard up to. */
  lead() {
    this.source = new Source(this.place, {
      told: (message) => this.tell({ ...message, before: this.place }),
      became: (state) => this.tell({ ...this.stateNow(), state }),
    });
    return new Promise((resolve) => {
      this.ended = resolve;
    });
  }

  close() {
    this.source?.close();
    this.channel.close();
    this.ended?.();
  }

  tell(message) {
    this.channel.postMessage(message);
    this.take(message);
  }

  hear(message) {
    if (message.kind !== "who") {
      if (!this.source) this.take(message);
    } else if (this.source) {
      this.channel.postMessage(this.stateNow());
    }
  }

  /** `before` is the place of the leader until then: when it is not ours, we missed something. */
  take({ kind, before, place, news = [], state }) {
    const missed = before !== this.place;
    this.place = place;
    if (missed || news.length || kind === "reset") {
      this.hearer.told({ kind: missed ? "reset" : kind, news: missed ? [] : news });
    }
    if (kind === "state") {
      this.state = state;
      this.hearer.became(state);
    }
  }

  stateNow() {
    return { kind: "state", state: this.state, before: this.place, place: this.place };
  }
}
