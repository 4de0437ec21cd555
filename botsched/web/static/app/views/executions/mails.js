/** The mails that are owed, or were sent, about an execution. */

import { html, nothing } from "../../lib.js";
import { when } from "../../time.js";
import { icon } from "../../ui/icon.js";
import { plain } from "./output/ansi.js";

const MOODS = { delivered: "good", dead: "bad", deferred: "warn" };

export function mails(list) {
  if (!list.length) return nothing;
  return html`<section class="panel"><h2>${icon("envelope")} Mails</h2>
    <ul class="run-mails">${list.map(mail)}</ul></section>`;
}

function mail(each) {
  const moment = each.ended_time ?? each.next_attempt_time;
  const tries = each.attempts > 1 ? `${each.attempts} attempts` : nothing;
  return html`<li>
    <span class="state mood-${MOODS[each.state] ?? "quiet"}">${each.state}</span>
    <span>through ${each.profile}</span>
    ${moment ? html`<span>${each.ended_time ? nothing : "next attempt "}${when(moment)}</span>` : nothing}
    <span>${tries}</span>
    ${each.last_error ? html`<span class="text-body-secondary">${plain(each.last_error)}</span>` : nothing}
  </li>`;
}
