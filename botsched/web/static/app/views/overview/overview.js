import { html } from "../../lib.js";
import { BaseView } from "../base.js";

export default class OverviewView extends BaseView {
  get title() {
    return "Overview";
  }

  content() {
    return html`<h1 class="page-title">${this.title}</h1>`;
  }
}
