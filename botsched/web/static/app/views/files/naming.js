/** Asks for the name of a new file. */

import { html } from "../../lib.js";
import { openDialog } from "../../ui/dialog.js";

/** Resolves with a name that is none of those `taken`; undefined when it was cancelled. */
export async function askName(taken) {
  let name = "";
  let redraw = () => {};
  const fault = () => (taken.includes(name.trim()) ? "There is a file of this name; take another one." : "");
  const finish = (event, close) => {
    event.preventDefault();
    if (name.trim() && !fault()) close(name.trim());
  };
  return openDialog({
    title: "New file",
    onReady: (draw) => (redraw = draw),
    body: (close) => html`<form id="new-file" @submit=${(event) => finish(event, close)}>
      <label class="form-label" for="new-file-name">Name</label>
      <input id="new-file-name" class="form-control ${fault() ? "is-invalid" : ""}" autofocus autocomplete="off" maxlength="200"
        aria-describedby="new-file-fault" @input=${(event) => { name = event.target.value; redraw(); }}>
      <div id="new-file-fault" class="invalid-feedback">${fault()}</div>
    </form>`,
    footer: (close) => html`<button type="button" class="btn btn-outline-secondary" @click=${() => close()}>Cancel</button>
      <button type="submit" form="new-file" class="btn btn-primary">Write it</button>`,
  });
}
