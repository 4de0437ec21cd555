/** From an address to a view, and from a click on a link to an address. */

import { AREAS } from "./areas.js";
import { _, Backbone } from "./lib.js";
import { confirm } from "./ui/dialog.js";
import { FailedView, UnknownView } from "./views/failed.js";

/** Go to an address of the page, as a click on a link would. */
export function go(address, { replace = false } = {}) {
  Backbone.history.navigate(address, { trigger: true, replace });
}

/** Shows one view at a time in the element given; event `shown` with the area and the view. */
export class Router extends Backbone.Router {
  constructor(element) {
    super();
    this.element = element;
    this.route(/^(.*)$/, "unknown", () => this.show({ view: async () => ({ default: UnknownView }) }, {}));
    // Of the routes that match, Backbone takes the one that was added last.
    for (const area of [...AREAS].reverse()) this.route(area.path, area.path, (...values) => this.open(area, values));
    document.addEventListener("click", followed);
    window.addEventListener("beforeunload", (event) => this.view?.unsaved() && event.preventDefault());
  }

  open(area, values) {
    const names = [...area.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
    const params = _.object(names, values.slice(0, names.length));
    const same = this.area === area && _.isEqual(this.params, params);
    if (same && this.view?.queried(query())) this.shownAt = here();
    else this.show(area, params);
  }

  async show(area, params) {
    if (!(await this.mayLeave())) {
      this.navigate(this.shownAt);
      return;
    }
    const asked = (this.asked = Symbol(area.path));
    const View = await viewOf(area);
    if (this.asked !== asked) return; // meanwhile somebody went elsewhere
    const first = !this.view;
    this.view?.remove();
    Object.assign(this, { area, params, view: new View({ params, query: query() }), shownAt: here() });
    this.element.replaceChildren(this.view.el);
    this.view.start();
    this.arrived = asked;
    this.trigger("shown", area, this.view);
    if (!first) arrive(this.element);
  }

  /** Whether the view that was asked for is still to come, or has nothing to show yet. */
  isLoading() {
    return this.arrived !== this.asked || !this.view || this.view.isLoading();
  }

  /** Whether the view may be left, which it is not while it holds what would be lost. */
  async mayLeave() {
    const lost = this.view?.unsaved();
    return !lost || confirm({ title: "Leave without saving?", body: lost, action: "Discard" });
  }
}

async function viewOf(area) {
  try {
    return (await area.view()).default;
  } catch (error) {
    console.warn(error);
    return FailedView;
  }
}

/** For those who read by ear or keyboard: a new view begins at its heading. */
function arrive(element) {
  window.scrollTo(0, 0);
  const heading = element.querySelector("h1") ?? element;
  heading.setAttribute("tabindex", "-1");
  heading.focus({ preventScroll: true });
}

function here() {
  return location.pathname + location.search;
}

function query() {
  return new URLSearchParams(location.search);
}

function followed(event) {
  const link = event.target.closest?.("a[href]");
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
  if (!link || modified || event.defaultPrevented || !isOurs(link)) return;
  event.preventDefault();
  go(link.pathname + link.search + link.hash);
}

function isOurs(link) {
  const elsewhere = link.target || link.hasAttribute("download") || link.origin !== location.origin;
  return !elsewhere && !/^\/(api|static|healthz|readyz|metrics)(\/|$)/.test(link.pathname) && !isJump(link);
}

function isJump(link) {
  return link.hash && link.pathname === location.pathname && link.search === location.search;
}
