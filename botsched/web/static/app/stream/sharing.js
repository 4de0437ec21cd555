// One tab of a browser, the leader, has the connection; the others hear by it. Browsers allow six
// connections to a server, and each stream takes one for good.

import { Source } from "./source.js";

const NAME = "bots-scheduler-events";

/** Begin to hear; `told` gets messages, `became` states. Gives `close`. */
export function open(hearer) {
  const canShare = "locks" in navigator && "BroadcastChannel" in window && window.isSecureContext;
  return canShare ? share(hearer) : alone(hearer);
}

function alone(hearer) {
  const source = new Source(null, hearer);
  return { close: () => source.close() };
}

function share(hearer) {
  const tab = new Tab(hearer);
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
  constructor(hearer) {
    this.hearer = hearer;
    this.place = null;
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
      became: (state) => this.tell({ kind: "state", state, place: this.place }),
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
      this.channel.postMessage({ kind: "state", state: this.state, place: this.place });
    }
  }

  take(message) {
    if (message.kind === "state") {
      this.state = message.state;
      this.place ??= message.place;
      this.hearer.became(message.state);
      return;
    }
    const missed = this.place !== null && message.before !== null && message.before !== this.place;
    this.place = message.place;
    this.hearer.told(missed ? { kind: "reset", news: [] } : message);
  }
}
