import { html } from "../../lib.js";
import { BaseView } from "../base.js";

export default class LogsView extends BaseView {
  get title() {
    return "Logs";
  }

  content() {
    return html`<h1 class="page-title">${this.title}</h1>`;
  }
}
