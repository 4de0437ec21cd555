import { html } from "../../lib.js";
import { BaseView } from "../base.js";

export default class JobFormView extends BaseView {
  get title() {
    return "Job";
  }

  content() {
    return html`<h1 class="page-title">${this.title}</h1>`;
  }
}
