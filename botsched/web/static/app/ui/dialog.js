/** Dialogues in the middle of the page; focus stays in them and returns where it was. */

import { bootstrap, html, nothing, render } from "../lib.js";

let counter = 0;

/**
 * Show a dialogue and resolve with what it was closed with, undefined when it was cancelled.
 * `body(close)` and `footer(close)` return templates; `close(value)` ends it. `redraw` is given to
 * `onReady` for bodies that change.
 */
export function openDialog({ title, body, footer = () => nothing, size = "", onReady = () => {} }) {
  const element = document.createElement("div");
  const id = `dialog-${(counter += 1)}`;
  element.className = "modal"; // without "fade": what is still moving cannot be closed
  element.tabIndex = -1;
  element.setAttribute("aria-labelledby", id);
  return new Promise((resolve) => {
    let result;
    let modal;
    const close = (value) => {
      result = value;
      modal.hide();
    };
    const redraw = () => render(frame({ id, title, size, close, body: body(close), footer: footer(close) }), element);
    element.addEventListener("hidden.bs.modal", () => {
      modal.dispose();
      element.remove();
      resolve(result);
    });
    element.addEventListener("shown.bs.modal", () => element.querySelector("[autofocus]")?.focus());
    redraw();
    document.body.append(element);
    modal = new bootstrap.Modal(element); // looks for its parts, so they are there
    modal.show();
    onReady(redraw);
  });
}

function frame({ id, title, size, close, body, footer }) {
  return html`<div class="modal-dialog modal-dialog-scrollable modal-fullscreen-sm-down ${size}">
    <div class="modal-content">
      <div class="modal-header">
        <h2 class="modal-title fs-5" id=${id}>${title}</h2>
        <button type="button" class="btn-close" aria-label="Close" @click=${() => close()}></button>
      </div>
      <div class="modal-body">${body}</div>
      ${footer === nothing ? nothing : html`<div class="modal-footer">${footer}</div>`}
    </div>
  </div>`;
}

/** Ask before something is done; resolves with true or false. `body` says what will happen. */
export async function confirm({ title, body, action, danger = true }) {
  const answer = await openDialog({
    title,
    body: () => body,
    footer: (close) => html`
      <button type="button" class="btn btn-outline-secondary" ?autofocus=${danger} @click=${() => close()}>Cancel</button>
      <button type="button" class="btn ${danger ? "btn-danger" : "btn-primary"}" ?autofocus=${!danger} @click=${() => close(true)}>${action}</button>`,
  });
  return answer === true;
}
