/** Files on their way to the server, two at a time, each with its progress. */

import { address } from "../../api.js";
import { _, Backbone, html, nothing, repeat } from "../../lib.js";
import { bytes } from "../../bytes.js";
import { icon } from "../../ui/icon.js";
import { pageOf } from "./words.js";

const AT_A_TIME = 2;
const LARGEST = 64 * 1024 * 1024;

/** Event `change` when something is to be drawn anew, `done` when all has ended. */
export class Uploads {
  constructor() {
    this.items = [];
    _.extend(this, Backbone.Events);
  }

  get isActive() {
    return this.items.some((item) => item.state === "waiting" || item.state === "sending");
  }

  add(files) {
    this.items.push(...files.map((file) => ({ id: _.uniqueId("upload"), file, state: "waiting", sent: 0, fault: "" })));
    this.advance();
  }

  clear() {
    this.items = this.items.filter((item) => item.state === "waiting" || item.state === "sending");
    this.trigger("change");
  }

  /** Give up what is not there yet. */
  stop() {
    for (const item of this.items) {
      if (item.state === "waiting") item.state = "stopped";
      item.request?.abort();
    }
  }

  advance() {
    for (const item of this.items) {
      const sending = this.items.filter((each) => each.state === "sending").length;
      if (item.state === "waiting" && sending < AT_A_TIME) this.send(item);
    }
    this.trigger("change");
    if (!this.isActive) this.trigger("done");
  }

  send(item) {
    if (item.file.size > LARGEST) {
      this.end(item, `It has ${bytes(item.file.size)}; at most ${bytes(LARGEST)} are taken. Put it into the data folder by hand.`);
      return;
    }
    item.state = "sending";
    const request = (item.request = new XMLHttpRequest());
    request.upload.onprogress = (event) => {
      item.sent = event.loaded / Math.max(event.total, 1);
      this.trigger("change");
    };
    request.onload = () => this.end(item, request.status < 300 ? "" : faultOf(request));
    request.onerror = () => this.end(item, "The connection broke. Send it again.");
    request.onabort = () => this.end(item, "Stopped.");
    const form = new FormData();
    form.append("file", item.file);
    request.open("POST", address("/files"));
    request.send(form);
  }

  end(item, fault) {
    Object.assign(item, { state: fault ? "failed" : "done", fault, request: null });
    this.advance();
  }

  again(item) {
    Object.assign(item, { state: "waiting", fault: "", sent: 0 });
    this.advance();
  }

  template() {
    if (!this.items.length) return nothing;
    return html`<section class="panel uploads" aria-label="Uploads">
      <div class="uploads-head"><h2 class="panel-title">Uploads</h2>
        <button type="button" class="btn btn-sm btn-outline-secondary" ?disabled=${this.isActive} @click=${() => this.clear()}>Clear</button>
      </div>
      <ul class="upload-list">${repeat(this.items, (item) => item.id, (item) => this.line(item))}</ul>
    </section>`;
  }

  line(item) {
    const done = item.state === "done";
    return html`<li class="upload">
      <span class="upload-name">${done ? html`<a href=${pageOf(item.file.name)}>${item.file.name}</a>` : item.file.name}
        <span class="text-body-secondary">${bytes(item.file.size)}</span></span>
      ${this.standing(item)}
    </li>`;
  }

  standing(item) {
    if (item.state === "done") return html`<span class="state mood-good">${icon("check-circle-fill")}uploaded</span>`;
    if (item.state === "failed") {
      return html`<span class="upload-fault mood-bad">${icon("x-circle-fill")} ${item.fault}</span>
        <button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => this.again(item)}>Try again</button>`;
    }
    if (item.state === "waiting") return html`<span class="state mood-quiet">${icon("clock")}waits</span>`;
    return html`<progress class="upload-progress" max="1" .value=${item.sent} aria-label="Progress of ${item.file.name}"></progress>
      <span class="upload-share">${Math.floor(item.sent * 100)} %</span>`;
  }
}

function faultOf(request) {
  try {
    return JSON.parse(request.responseText).error;
  } catch {
    return `The server answered ${request.status}. Try again.`;
  }
}
