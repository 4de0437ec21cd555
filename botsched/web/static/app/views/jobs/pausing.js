/** Asks until when jobs are to be paused. */

import { html } from "../../lib.js";
import { absolute, now, zone } from "../../time.js";
import { openDialog } from "../../ui/dialog.js";

const HOUR = 3600_000;

/** Resolves with an instant, with null for "until resumed", or with undefined when cancelled. */
export function askUntil({ title, jobZone }) {
  let chosen = "";
  let redraw;
  const soon = [1, 4, 8, 24].map((hours) => new Date(Math.ceil(now() / 60_000) * 60_000 + hours * HOUR));
  const choose = (value) => {
    chosen = value;
    redraw();
  };
  return openDialog({
    title,
    onReady: (draw) => (redraw = draw),
    body: (close) => html`<p>What falls due meanwhile is recorded as skipped. Runs that go on are not stopped.</p>
      <form id="pausing" @submit=${(event) => submit(event, chosen, close)}>
        <label class="form-label" for="until">Until (your time); leave it empty to resume by hand</label>
        <input class="form-control" type="datetime-local" id="until" name="until" autofocus .value=${chosen}
          min=${local(new Date(now()))} @input=${(event) => choose(event.target.value)}>
        <div class="pause-presets">${soon.map((end) => preset(end, jobZone, choose))}</div>
      </form>`,
    footer: (close) => html`
      <button type="button" class="btn btn-outline-secondary" @click=${() => close()}>Cancel</button>
      <button type="submit" form="pausing" class="btn btn-primary">${chosen ? "Pause until then" : "Pause"}</button>`,
  });
}

function preset(end, jobZone, choose) {
  const hours = Math.round((end - now()) / HOUR);
  const exact = `${absolute(end, { jobZone, seconds: false })} ${zone(jobZone) ?? ""}`.trim();
  return html`<button type="button" class="btn btn-sm btn-outline-secondary" title=${exact}
    @click=${() => choose(local(end))}>${hours === 1 ? "1 hour" : `${hours} hours`}</button>`;
}

function submit(event, chosen, close) {
  event.preventDefault();
  close(chosen ? new Date(chosen).toISOString() : null);
}

/** As a field of the browser wants it: on the viewer's clock, to the minute. */
function local(date) {
  const two = (number) => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
