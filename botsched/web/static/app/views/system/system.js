/** How the scheduler itself is: what is wrong on top, then each part. */

import { get } from "../../api.js";
import { html, nothing } from "../../lib.js";
import { when } from "../../time.js";
import { BaseView } from "../base.js";
import { controls } from "./controls.js";
import { folders } from "./folders.js";
import * as parts from "./parts.js";
import { problemList, problemsOf } from "./problems.js";

const POLL_MS = 10_000;

export default class SystemView extends BaseView {
  get title() {
    return "System";
  }

  start() {
    this.polling = setInterval(() => document.hidden || this.reload(), POLL_MS);
    return super.start();
  }

  remove() {
    clearInterval(this.polling);
    return super.remove();
  }

  load(signal) {
    return get("/system", {}, { signal });
  }

  concerns(event) {
    return event === "hold";
  }

  content(system) {
    const done = () => this.reload();
    const { panel } = parts;
    const own = system.server.error ?? system.scheduler.error ?? system.versions.error;
    return html`<div class="page-head"><h1 class="page-title">${this.title}</h1>
        <span class="text-body-secondary">as of ${when(system.time)}</span></div>
      ${problemList(problemsOf(system))}
      <div class="system-grid">
        ${panel("controls", "All jobs", "pause-circle", {}, () => controls(system, done))}
        ${panel("server", "Server", "cpu", own ? { error: own } : system, parts.server)}
        ${panel("workers", "Workers", "play-circle-fill", system.workers, parts.workers)}
        ${panel("proxy", "Proxy", "shield-check", system.proxy, parts.proxy)}
        ${panel("mail", "Mail", "envelope", system.outbox, parts.mail)}
        ${panel("database", "Database", "database", system.database, (said) => parts.database(said, system.tables))}
        ${panel("folders", "Job folders", "folder", system.jobs, (said) => folders(said, done))}
        ${panel("data", "Data folder", "file-earmark-text", system.data, parts.data)}
        ${system.instances.length > 1 ? panel("instances", "Servers", "hdd-stack", system.instances, parts.instances) : nothing}
        ${panel("versions", "Versions", "info-circle", system.versions, parts.versions)}
        ${panel("settings", "Settings in effect", "gear", system.settings, parts.settings)}
      </div>`;
  }
}
