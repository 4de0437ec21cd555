/** Where no view can be shown. */

import { html } from "../lib.js";
import { emptyState } from "../ui/empty.js";
import { BaseView } from "./base.js";

export class UnknownView extends BaseView {
  get title() {
    return "No such page";
  }

  content() {
    return html`<h1 class="page-title">${this.title}</h1>
      ${emptyState("question-circle", "Nothing is at this address", html`Begin at the <a href="/">overview</a>.`)}`;
  }
}

export class FailedView extends BaseView {
  get title() {
    return "This page could not be loaded";
  }

  content() {
    return html`<h1 class="page-title">${this.title}</h1>
      ${emptyState("wifi-off", "A part of it did not come", "The server may be restarting, or was replaced by another version.",
        html`<button class="btn btn-primary" @click=${() => location.reload()}>Load the page again</button>`)}`;
  }
}
