import { html } from "../../lib.js";
import { BaseView } from "../base.js";

export default class ExecutionsView extends BaseView {
  get title() {
    return "Executions";
  }

  content() {
    return html`<h1 class="page-title">${this.title}</h1>`;
  }
}
