/** The mails that are owed, or were sent, about an execution. */

import { html, nothing } from "../../lib.js";
import { icon } from "../../ui/icon.js";
import { attempts, mailBadge, moment, whomBriefly } from "../mails/words.js";
import { plain } from "./output/ansi.js";

export function mails(list) {
  if (!list.length) return nothing;
  return html`<section class="panel"><h2>${icon("envelope")} Mails</h2>
    <ul class="run-mails">${list.map(mail)}</ul></section>`;
}

function mail(each) {
  return html`<li>${mailBadge(each.state)}
    <a href="/mails/${each.mail_id}">${each.to?.length ? `to ${whomBriefly(each)} ` : ""}through ${each.profile}</a>
    <span>${moment(each)}</span>
    ${each.attempts > 1 ? html`<span>${attempts(each.attempts)}</span>` : nothing}
    ${each.last_error ? html`<span class="text-body-secondary">${plain(each.last_error)}</span>` : nothing}
  </li>`;
}
