import { html } from "../../lib.js";
import { BaseView } from "../base.js";

export default class SystemView extends BaseView {
  get title() {
    return "System";
  }

  content() {
    return html`<h1 class="page-title">${this.title}</h1>`;
  }
}
