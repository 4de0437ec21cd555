/** What stands around every view: navigation, banners, the viewer's menu. */

import { NAVIGATION } from "../../areas.js";
import { del, get } from "../../api.js";
import { Backbone, html, nothing, render } from "../../lib.js";
import { preferences } from "../../preferences.js";
import { session } from "../../session.js";
import { stream } from "../../stream.js";
import { absolute } from "../../time.js";
import { busily } from "../../ui/busy.js";
import { icon } from "../../ui/icon.js";
import { menu } from "./menu.js";

/** Draws itself into `#top`, `#banners` and `#bottom`. */
export class Frame extends Backbone.View {
  constructor(router) {
    super();
    this.hold = null;
    this.listenTo(router, "shown", (area) => this.render((this.nav = area.nav)));
    this.listenTo(stream, "state", () => this.render());
    this.listenTo(stream, "hold reset", () => this.ask());
    this.listenTo(preferences, "change", () => this.render());
    if (session.held) this.ask();
  }

  /** Look whether all jobs are held. */
  async ask() {
    try {
      this.hold = await get("/hold");
    } catch {
      return; // the banner of the lost connection tells enough
    }
    this.render();
  }

  render() {
    render(this.top(), document.getElementById("top"));
    render(this.banners(), document.getElementById("banners"));
    render(this.bottom(), document.getElementById("bottom"));
    return this;
  }

  top() {
    return html`<a class="brand" href="/">${icon("alarm")}<span>bots-scheduler</span></a>
      <nav class="top-links" aria-label="Main">${NAVIGATION.map((entry) => this.link(entry))}</nav>
      ${menu()}`;
  }

  bottom() {
    return html`<nav class="bottom-links" aria-label="Main, at the bottom">${NAVIGATION.map((entry) => this.link({ ...entry, label: entry.short ?? entry.label }))}</nav>`;
  }

  link({ nav, href, label, icon: name }) {
    const here = nav === this.nav;
    return html`<a class="main-link ${here ? "active" : ""}" href=${href} aria-current=${here ? "page" : nothing}>
      ${icon(name)}<span>${label}</span></a>`;
  }

  banners() {
    const lost = LOST[stream.state];
    return html`${lost ? disconnected(lost) : nothing}${this.hold?.held ? this.held() : nothing}`;
  }

  held() {
    const { user, since, reason } = this.hold;
    return html`<div class="banner mood-warn" role="status">
      ${icon("pause-circle")}
      <span class="banner-text"><strong>All jobs are held</strong> by ${user} since ${absolute(since, { seconds: false })}${reason ? `: ${reason}` : ""}.
        Nothing is started by schedule.</span>
      <button type="button" class="btn btn-sm btn-outline-secondary" @click=${busily(() => this.release())}>Release</button>
    </div>`;
  }

  async release() {
    this.hold = await del("/hold");
    this.render();
  }
}

const LOST = {
  disconnected: {
    what: "No connection.",
    then: "What you see may be old.",
  },
  refused: {
    what: "You are not logged in any more.",
    then: "Load again to log in.",
  },
};

function disconnected({ what, then }) {
  return html`<div class="banner mood-bad" role="alert">
    ${icon("wifi-off")}
    <span class="banner-text"><strong>${what}</strong> ${then}</span>
    <button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => location.reload()}>Load again</button>
  </div>`;
}
