/** What can be done with mails: send them again, or not at all. */

import { post } from "../../api.js";
import { html } from "../../lib.js";
import { go } from "../../router.js";
import { confirm } from "../../ui/dialog.js";
import { complain, tell } from "../../ui/toast.js";
import { about, attempts, whom } from "./words.js";

const AGAIN = new Set(["delivered", "digested"]);
const RESENDABLE = new Set(["dead", "deferred", "held", ...AGAIN]);
const DISCARDABLE = new Set(["queued", "deferred", "held"]);

export function mayResend({ state }) {
  return RESENDABLE.has(state);
}

export function mayDiscard({ state }) {
  return DISCARDABLE.has(state);
}

/** Send one, after asking; `done()` follows, and a new mail is shown at once. */
export async function resend(mail, done) {
  const owed = mail.recipients?.length ? mail.recipients.join(", ") : whom(mail);
  const body = AGAIN.has(mail.state)
    ? html`<p>It was delivered: ${whom(mail)} through ${mail.profile} gets a second one.</p>`
    : html`<p>It is sent now, through ${mail.profile} to ${owed}, and tried anew until it is accepted.</p>`;
  if (!(await confirm({ title: `Send “${about(mail)}” ${mail.attempts ? "again" : "now"}?`, body, action: "Send it", danger: false }))) return;
  await doing(async () => {
    const { mail_id: id } = await post(`/mails/${mail.mail_id}/resend`, {});
    tell("It is sent now.", id === mail.mail_id ? undefined : { label: "See it", run: () => go(`/mails/${id}`) });
  }, done);
}

/** Have one never sent, after asking. */
export async function discard(mail, done) {
  const tried = mail.attempts ? ` It was tried: ${attempts(mail.attempts)}.` : "";
  const body = html`<p>It is not sent: ${whom(mail)} does not hear of this through ${mail.profile}.${tried} It can be sent later from here, as long as it is kept.</p>`;
  if (!(await confirm({ title: `Discard “${about(mail)}”?`, body, action: "Discard it" }))) return;
  await doing(async () => {
    await post(`/mails/${mail.mail_id}/discard`, {});
    tell("It was discarded.");
  }, done);
}

/** Send all that are dead, of one profile or of all, after asking. */
export async function resendDead({ profile, job, count }, done) {
  const whose = profile ? ` through ${profile}` : "";
  const title = count === 1 ? `Send the mail that was given up${whose}?` : `Send ${count.toLocaleString("en")} mails that were given up${whose}?`;
  if (!(await confirm({ title, body: html`<p>Each is sent now, to those it is still owed to.</p>`, action: "Send them", danger: false }))) return;
  await doing(async () => {
    const { resent } = await post("/mails/resend", { states: ["dead"], ...(profile ? { profile } : {}), ...(job ? { job_id: job } : {}) });
    tell(resent === 1 ? "1 mail is sent now." : `${resent.toLocaleString("en")} mails are sent now.`);
  }, done);
}

async function doing(work, done) {
  try {
    await work();
  } catch (error) {
    complain(error);
  }
  done();
}
