import { html } from "../../lib.js";
import { BaseView } from "../base.js";

export default class FileView extends BaseView {
  get title() {
    return "File";
  }

  content() {
    return html`<h1 class="page-title">${this.title}</h1>`;
  }
}
