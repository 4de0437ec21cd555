// The connection to the server's events. When it is lost it is made anew, later and later, and what
// was missed meanwhile comes first.

const ADDRESS = "/api/v1/events";
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const PATIENCE = 2_000; // a loss of less than this is not worth a word
const SILENCE = 50_000; // the server says something every 20 s

export class Source {
  /** Hear what was told behind `place`; `told` gets messages, `became` states. */
  constructor(place, { told, became }) {
    this.place = place;
    this.told = told;
    this.became = became;
    this.failures = 0;
    this.again = () => this.connect();
    window.addEventListener("online", this.again);
    this.connect();
  }

  close() {
    this.isClosed = true;
    window.removeEventListener("online", this.again);
    this.drop();
    this.settle();
  }

  connect() {
    this.drop();
    const events = new EventSource(`${ADDRESS}?after=${encodeURIComponent(this.place)}`);
    for (const kind of ["hello", "changes", "reset"]) {
      events.addEventListener(kind, (event) => this.hear(kind, event));
    }
    events.addEventListener("ping", () => this.watch());
    events.onerror = () => this.lost();
    this.events = events;
    this.complain();
    this.watch();
  }

  drop() {
    clearTimeout(this.retry);
    clearTimeout(this.watchdog);
    this.events?.close();
    this.events = null;
  }

  /** A connection that nobody ended may be dead all the same. */
  watch() {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.lost(), SILENCE);
  }

  hear(kind, event) {
    this.watch();
    this.settle();
    this.failures = 0;
    this.place = event.lastEventId;
    this.told({ kind, place: this.place, news: JSON.parse(event.data) });
    this.became("connected");
  }

  async lost() {
    const refused = this.events.readyState === EventSource.CLOSED;
    this.drop();
    this.complain();
    const loggedOut = refused && (await isLoggedOut());
    if (this.isClosed) return;
    if (loggedOut) {
      this.close();
      this.became("refused");
    } else if (!this.events) {
      const wait = Math.min(FIRST_WAIT * 2 ** this.failures, LONGEST_WAIT);
      this.failures += 1;
      this.retry = setTimeout(this.again, wait * (0.5 + Math.random()));
    }
  }

  /** Say soon that there is no connection, unless there is one by then. */
  complain() {
    if (this.complaint) return;
    this.became("connecting");
    this.complaint = setTimeout(() => this.became("disconnected"), PATIENCE);
  }

  settle() {
    clearTimeout(this.complaint);
    this.complaint = null;
  }
}

/**
 * An EventSource does not say with which status it was refused; asked so, no dialogue is opened. Here 429
 * means too many failed logins, which those of a login that does not hold any more may be themselves.
 */
async function isLoggedOut() {
  try {
    const headers = { "X-Requested-With": "XMLHttpRequest" };
    const answer = await fetch("/healthz", { method: "HEAD", cache: "no-store", headers });
    return [401, 403, 429].includes(answer.status);
  } catch {
    return false;
  }
}
