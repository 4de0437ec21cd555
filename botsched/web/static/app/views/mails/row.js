/** One mail as a row of the list; on a phone, as a card. */

import { html, nothing } from "../../lib.js";
import { icon } from "../../ui/icon.js";
import { plain } from "../executions/output/ansi.js";
import { discard, mayDiscard, mayResend, resend } from "./acts.js";
import { about, mailBadge, moment, reason, whomBriefly } from "./words.js";

/** `done()` is called when something was done to it. */
export function row(mail, done) {
  return html`<tr>
    <td class="mail-state">${mailBadge(mail.state)}</td>
    <td class="mail-about"><a href="/mails/${mail.mail_id}">${about(mail)}</a>
      ${mail.last_error && mail.state !== "delivered" ? html`<span class="sub mail-error">${plain(mail.last_error)}</span>` : nothing}</td>
    <td class="mail-why">${reason(mail)}</td>
    <td class="mail-to">${mail.to?.length ? html`${whomBriefly(mail)}<span class="sub">through ${mail.profile}</span>` : `through ${mail.profile}`}</td>
    <td class="mail-time">${moment(mail)}</td>
    <td class="mail-tries number">${mail.attempts}</td>
    <td class="mail-acts">${mayResend(mail) ? button(mail, "Send", "arrow-clockwise", () => resend(mail, done)) : nothing}
      ${mayDiscard(mail) ? button(mail, "Discard", "trash", () => discard(mail, done)) : nothing}</td>
  </tr>`;
}

function button(mail, words, name, act) {
  return html`<button type="button" class="btn btn-sm btn-icon" title=${words} aria-label="${words} ${about(mail)}" @click=${act}>${icon(name)}</button>`;
}
