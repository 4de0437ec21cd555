/** One mail: how it stands, why it was sent, each attempt, and the mail itself. */

import { get } from "../../api.js";
import { html, nothing } from "../../lib.js";
import { asking } from "../../ui/busy.js";
import { icon } from "../../ui/icon.js";
import { BaseView } from "../base.js";
import { discard, mayDiscard, mayResend, resend } from "./acts.js";
import { facts, log } from "./facts.js";
import { loadContent, preview } from "./preview.js";
import { about, mailBadge, MAIL_STATES, meaning } from "./words.js";

export default class MailView extends BaseView {
  get title() {
    return this.data ? about(this.data.mail) : "Mail";
  }

  async load(signal) {
    const ask = (path, parameters) => get(path, parameters, { signal });
    const mail = await ask(`/mails/${this.params.id}`);
    const [content, told, { profiles }] = await Promise.all([
      loadContent(mail, this.query.get("as"), ask),
      mail.kind === "digest" ? ask("/mails", { digest_id: mail.resent_of ?? mail.mail_id, limit: 1000 }).then(({ mails }) => mails) : [],
      ask("/profiles"),
    ]);
    const kind = profiles.find(({ name }) => name === mail.profile)?.kind;
    return { mail, content, told, kind };
  }

  concerns(event) {
    return event === "mail";
  }

  content({ mail, content, told, kind }) {
    const done = () => this.reload();
    return html`<div class="page-head run-head mood-${MAIL_STATES[mail.state]?.mood ?? "quiet"}">
        <h1 class="page-title">${about(mail)}</h1>
        <span class="run-state" role="status">${mailBadge(mail.state)}</span>
        <div class="actions">
          ${mayDiscard(mail) ? html`<button type="button" class="btn btn-sm btn-outline-danger" @click=${asking(() => discard(mail, done))}>${icon("trash")} Discard…</button>` : nothing}
          ${mayResend(mail) ? html`<button type="button" class="btn btn-sm btn-primary" @click=${asking(() => resend(mail, done))}>${icon("arrow-clockwise")} ${mail.attempts ? "Send again…" : "Send now…"}</button>` : nothing}
        </div>
      </div>
      <div class="mail-columns">
        <div><section class="panel"><h2 class="visually-hidden">How it stands</h2><p class="run-why">${meaning(mail)}</p>${facts(mail, told)}</section>
          ${log(mail)}</div>
        ${preview({ ...mail, isMessage: kind === "smtp" }, content, this.query)}
      </div>`;
  }
}
