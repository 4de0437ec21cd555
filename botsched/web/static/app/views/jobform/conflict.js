/** Two people changed one job: the second is told what the first did, and decides. */

import { html, nothing } from "../../lib.js";
import { when } from "../../time.js";
import { busily } from "../../ui/busy.js";

const PASSED_OVER = new Set(["version", "updated_time", "next_run_time", "last", "runs", "effective", "coalesce", "max_instances", "schedule"]);

/** `before`: the job as it was when the form was opened; `now`: as somebody else left it. */
export function conflict(form, before, now) {
  const keys = Object.keys(now).filter((key) => !PASSED_OVER.has(key) && JSON.stringify(before[key]) !== JSON.stringify(now[key]));
  const mine = form.draft.changes();
  return html`<div class="alert alert-warning conflict" role="alert">
    <p><strong>Somebody else changed this job ${when(now.updated_time)}, while you edited it.</strong> What you entered is still below.</p>
    <div class="table-responsive"><table class="table table-sm"><thead><tr><th scope="col">What</th><th scope="col">Before</th><th scope="col">Now</th><th scope="col">Yours</th></tr></thead>
      <tbody>${keys.map((key) => html`<tr><th scope="row">${key.replaceAll("_", " ")}</th><td><del>${shown(before[key])}</del></td><td><ins>${shown(now[key])}</ins></td>
        <td>${key in mine ? shown(mine[key]) : nothing}</td></tr>`)}</tbody></table></div>
    <div class="conflict-acts">
      <button type="button" class="btn btn-sm btn-danger" @click=${busily(() => form.overwrite())}>Save mine over it</button>
      <button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => form.takeTheirs()}>Discard mine, take theirs</button>
      <span class="form-text">Saving mine changes only what you changed; the rest stays theirs.</span>
    </div>
  </div>`;
}

function shown(value) {
  if (value === null || value === undefined || value === "") return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
