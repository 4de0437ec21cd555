import { html } from "../../lib.js";
import { BaseView } from "../base.js";

export default class JobView extends BaseView {
  get title() {
    return "Job";
  }

  content() {
    return html`<h1 class="page-title">${this.title}</h1>`;
  }
}
