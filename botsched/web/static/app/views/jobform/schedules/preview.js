/** What a schedule means: in words, its next instants, and what is strange about it. */

import { post } from "../../../api.js";
import { _, html, nothing } from "../../../lib.js";
import { absolute, duration, relative } from "../../../time.js";
import { icon } from "../../../ui/icon.js";
import { warnings } from "./warnings.js";

const TYPING_MS = 300;
const LOOKED_AT = 400;
const SHOWN = 10;

/** Asks the server while somebody types; `changed()` is called when there is something new. */
export class Preview {
  constructor(changed) {
    this.changed = changed;
    this.answer = undefined;
    this.fault = "";
    this.look = _.debounce((asked) => this.ask(asked), TYPING_MS);
  }

  /** Look at this schedule, soon. */
  of(timing) {
    const asked = JSON.stringify({ ...timing, count: LOOKED_AT });
    if (asked === this.asked) return;
    this.asked = asked;
    this.look(asked);
  }

  async ask(asked) {
    try {
      const answer = await post("/schedules/preview", JSON.parse(asked));
      if (asked === this.asked) Object.assign(this, { answer, fault: "" });
    } catch (error) {
      if (asked === this.asked) Object.assign(this, { answer: undefined, fault: error.message });
    }
    if (asked === this.asked) this.changed();
  }
}

/** `median`: how long its runs usually take, in seconds, if that is known. */
export function previewPanel(preview, { draft, median }) {
  return html`<section class="panel preview" aria-labelledby="preview-title">
    <h2 id="preview-title">What that means</h2>
    <div role="status">${preview.fault ? html`<p class="mood-bad preview-fault">${icon("x-circle-fill")} ${preview.fault}</p>` : nothing}
    ${preview.answer ? meaning(preview.answer, { draft, median }) : preview.fault ? nothing : html`<p class="text-body-secondary mb-0">${preview.asked ? "Loading…" : "Say when it is due."}</p>`}</div>
  </section>`;
}

function meaning({ schedule, next }, { draft, median }) {
  const told = warnings(next, { draft, median });
  return html`<p class="preview-words">${schedule}</p>
    ${told.map((each) => html`<p class="remark mood-warn">${icon("exclamation-triangle-fill")} ${each}</p>`)}
    ${next.length ? html`<ol class="instants" aria-label="Next instants">${next.slice(0, SHOWN).map(instant)}</ol>` : nothing}
    ${median ? html`<p class="form-text mb-0">Its runs usually take ${duration(median)}.</p>` : nothing}`;
}

function instant({ local, utc, remark }) {
  return html`<li><time datetime=${utc} title=${`${absolute(utc)} on your clock`}>${weekday(local)} ${local.slice(0, 19).replace("T", " ")}</time>
    <span class="text-body-secondary">${relative(utc)}</span>
    ${remark ? html`<span class="remark mood-warn">${remark}</span>` : nothing}</li>`;
}

function weekday(local) {
  return new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "UTC" }).format(new Date(`${local.slice(0, 10)}T00:00Z`));
}
