import { html } from "../../lib.js";
import { BaseView } from "../base.js";

export default class ExecutionView extends BaseView {
  get title() {
    return "Execution";
  }

  content() {
    return html`<h1 class="page-title">${this.title}</h1>`;
  }
}
