import { html } from "../../lib.js";
import { BaseView } from "../base.js";

export default class FilesView extends BaseView {
  get title() {
    return "Files";
  }

  content() {
    return html`<h1 class="page-title">${this.title}</h1>`;
  }
}
