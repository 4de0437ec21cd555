import { html } from "../../lib.js";
import { BaseView } from "../base.js";

export default class JobsView extends BaseView {
  get title() {
    return "Jobs";
  }

  content() {
    return html`<h1 class="page-title">${this.title}</h1>`;
  }
}
