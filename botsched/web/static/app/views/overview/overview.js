/** Is everything all right? What runs, what failed, what comes. */

import { get, request } from "../../api.js";
import { _, html } from "../../lib.js";
import { BaseView } from "../base.js";
import { fates } from "./fates.js";
import { asReadiness, headline } from "./headline.js";
import { hours } from "./hours.js";
import { failures, running, upcoming } from "./lists.js";
import { mostFailing, slowest } from "./shares.js";
import { firstSteps } from "./start.js";
import { TimelineView } from "./timeline.js";

const CONCERNS = new Set(["execution", "job", "hold"]);
const ANYWAY_MS = 30000;
const SETTLED_MS = 6000;

export default class OverviewView extends BaseView {
  constructor(options) {
    super(options);
    this.timeline = new TimelineView();
    this.timeline.read(this.query);
    // On a busy machine the server answers as of some seconds ago: look again when things are calm.
    this.settle = _.debounce(() => this.refresh(), SETTLED_MS);
  }

  get title() {
    return "Overview";
  }

  start() {
    // Time passes even where nothing happens: what ran a day ago leaves the picture.
    this.anyway = setInterval(() => document.hidden || this.refresh(), ANYWAY_MS);
    this.settle();
    return super.start();
  }

  remove() {
    clearInterval(this.anyway);
    this.settle.cancel();
    this.timeline.remove();
    return super.remove();
  }

  concerns(event) {
    return CONCERNS.has(event);
  }

  told(event, data) {
    super.told(event, data);
    if (this.concerns(event)) this.settle();
  }

  queried(query) {
    this.timeline.read(query);
    this.timeline.render();
    return super.queried(query);
  }

  async load(signal) {
    const ready = request("GET", "/readyz", undefined, { signal }).catch((error) => error);
    const [statistics, readiness] = await Promise.all([get("/statistics", {}, { signal }), ready, this.timeline.load(signal)]);
    const fresh = statistics.jobs.total === 0 && this.timeline.lanes.length === 0;
    return { statistics, readiness: asReadiness(readiness), classes: fresh ? await get("/classes", {}, { signal }) : null };
  }

  render() {
    this.timeline.render();
    return super.render();
  }

  content({ statistics, readiness, classes }) {
    const head = html`<h1 class="page-title visually-hidden">${this.title}</h1>`;
    if (classes) return html`${head}${firstSteps(classes)}`;
    return html`${head}${headline(statistics, readiness)}
      <div class="overview-now">${failures(statistics)}${running(statistics)}${upcoming(statistics)}</div>
      ${this.timeline.el}
      <div class="overview-day">${hours(statistics)}${fates(statistics)}${slowest(statistics)}${mostFailing(statistics)}</div>`;
  }
}
