/** What all views share: load, show, refresh when something changed, and clean up. */

import { _, Backbone, html, nothing, render } from "../lib.js";
import { preferences } from "../preferences.js";
import { stream } from "../stream.js";
import { emptyState } from "../ui/empty.js";
import { icon } from "../ui/icon.js";

const REFRESH_MS = 1000;
const TICK_MS = 5000;

/**
 * A view of one address. A subclass has
 * - `title` (text), for the heading and the window;
 * - `async load(signal)`, which returns the data to show, or throws ApiError;
 * - `content(data)`, a lit template;
 * - `concerns(event, data)` (optional): whether to load anew when the stream tells that;
 * - `unsaved()` (optional): what is lost when the viewer goes elsewhere, who is then asked.
 *
 * `this.params` are the named parts of the address, `this.query` its URLSearchParams.
 */
export class BaseView extends Backbone.View {
  constructor({ params, query }) {
    super();
    Object.assign(this, { params, query, data: undefined, error: undefined });
    this.refresh = _.throttle(() => this.catchUp(), REFRESH_MS, { leading: false });
  }

  get title() {
    return "bots-scheduler";
  }

  /** Called once, when the view is in the page. */
  start() {
    this.listenTo(stream, "all", (event, data) => this.told(event, data));
    this.listenTo(preferences, "change", () => this.render());
    this.ticking = setInterval(() => document.hidden || this.render(), TICK_MS);
    this.render();
    return this.reload();
  }

  remove() {
    clearInterval(this.ticking);
    this.refresh.cancel();
    this.loading?.abort();
    this.isRemoved = true;
    return super.remove();
  }

  /** The query changed and nothing else; false asks for a new view instead. */
  queried(query) {
    this.query = query;
    this.reload();
    return true;
  }

  /** What would be lost if the view was left now, as a sentence; empty for nothing. */
  unsaved() {
    return "";
  }

  async load() {
    return {};
  }

  concerns() {
    return false;
  }

  told(event, data) {
    if (event === "reset" || this.concerns(event, data)) this.refresh();
  }

  /** Load anew, but not before what is being loaded is there: changes may come faster than answers. */
  catchUp() {
    if (this.loading) this.isBehind = true;
    else this.reload();
  }

  /** Load anew at once, in place of what is being loaded. */
  async reload() {
    this.isBehind = false;
    this.loading?.abort();
    const loading = (this.loading = new AbortController());
    try {
      const data = await this.load(loading.signal);
      if (loading.signal.aborted || this.isRemoved) return;
      Object.assign(this, { data, error: undefined });
    } catch (error) {
      if (loading.signal.aborted || this.isRemoved) return;
      this.error = error;
      if (error.status === undefined) console.error(error);
    }
    this.loading = undefined;
    if (this.isBehind) this.refresh();
    this.render();
  }

  render() {
    if (this.isRemoved) return this;
    document.title = `${this.title} · bots-scheduler`;
    render(this.template(), this.el);
    return this;
  }

  /** Whether it has nothing to show yet. */
  isLoading() {
    return this.data === undefined && !this.error;
  }

  template() {
    if (this.data !== undefined) return html`${this.error ? this.stale() : nothing}${this.content(this.data)}`;
    return html`<h1 class="page-title">${this.title}</h1>${this.error ? this.failed() : this.waiting()}`;
  }

  waiting() {
    return html`<div class="waiting text-body-secondary" role="status">Loading…</div>`;
  }

  failed() {
    if (this.error.status === 404) return emptyState("question-circle", "This does not exist (any more)", this.error.message);
    return html`<div class="alert alert-danger" role="alert">
      <p>${this.error.message}</p>
      <button class="btn btn-sm btn-danger" @click=${() => this.reload()}>${icon("arrow-clockwise")} Try again</button>
    </div>`;
  }

  /** Shown above what was loaded before, which stays. */
  stale() {
    return html`<div class="alert alert-warning d-flex gap-2 align-items-center" role="alert">
      <span class="flex-grow-1">What is shown may be old: ${this.error.message}</span>
      <button class="btn btn-sm btn-outline-secondary" @click=${() => this.reload()}>Try again</button>
    </div>`;
  }
}
