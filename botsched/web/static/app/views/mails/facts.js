/** What there is to know about a mail beside itself: why, for whom, when, and each attempt. */

import { html, nothing } from "../../lib.js";
import { when } from "../../time.js";
import { icon } from "../../ui/icon.js";
import { plain } from "../executions/output/ansi.js";
import { about, reasonWithRule, whom } from "./words.js";

const OUTCOMES = {
  delivered: { mood: "good", icon: "check-circle-fill", words: "accepted" },
  deferred: { mood: "warn", icon: "hourglass-split", words: "not accepted for now" },
  refused: { mood: "bad", icon: "x-circle-fill", words: "refused" },
  uncertain: { mood: "warn", icon: "question-diamond-fill", words: "perhaps accepted: the line was lost" },
  interrupted: { mood: "warn", icon: "slash-circle", words: "interrupted: the server ended" },
};

/** A list of terms; `told` are the mails that a digest stands for. */
export function facts(mail, told) {
  const shown = rows(mail, told).filter(([, value]) => value !== nothing && value !== null && value !== "");
  return html`<dl class="pairs">${shown.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>`;
}

function rows(mail, told) {
  const isOwed = !["delivered", "digested"].includes(mail.state);
  return [
    ["Why", reasonWithRule(mail)],
    ["To", html`${whom(mail)} <span class="fact-note">through ${mail.profile}</span>`],
    ["Still owed to", isOwed && mail.recipients?.length ? mail.recipients.join(", ") : nothing],
    ["About", mail.execution_id && mail.kind !== "digest" ? html`<a href="/executions/${mail.execution_id}">the execution</a> of ${job(mail)}` : nothing],
    ["Rules", mail.job_id && mail.kind !== "digest" ? html`<a href="/jobs/${mail.job_id}/edit#mail">${mail.why?.source === "server" ? "the server’s; the job may have its own" : "of the job"}</a>` : nothing],
    ["Owed since", exactly(mail.created_time)],
    ["Held until", mail.state === "held" ? exactly(mail.held_until) : nothing],
    ["Next attempt", mail.state === "deferred" ? when(mail.next_attempt_time) : nothing],
    [mail.state === "dead" ? "Given up" : "Ended", exactly(mail.ended_time)],
    ["Last error", mail.last_error && !mail.log?.length ? plain(mail.last_error) : nothing],
    ["Told in", mail.digest_id ? html`<a href="/mails/${mail.digest_id}">a digest</a>` : nothing],
    ["Sent again", mail.resent_of ? html`as <a href="/mails/${mail.resent_of}">this one</a> was asked for once more` : nothing],
    ["Tells", told.length ? html`<ul class="mail-told">${told.map((each) => html`<li><a href="/mails/${each.mail_id}">${about(each)}</a></li>`)}</ul>` : nothing],
  ];
}

function exactly(time) {
  return time ? when(time, { relative: false }) : nothing;
}

function job({ job_id: id, job_name: name }) {
  return name ? html`<a href="/jobs/${id}">${name}</a>` : "a job that is gone";
}

/** Each attempt, the newest first, with the words of the server. */
export function log({ log: entries = [], attempts }) {
  const left = attempts - entries.length;
  return html`<section class="panel"><h2>Attempts</h2>
    ${entries.length ? html`<ol class="mail-log">${[...entries].reverse().map(attempt)}</ol>` : html`<p class="text-body-secondary mb-0">${attempts ? "Nothing is known of them." : "None yet."}</p>`}
    ${left > 0 && entries.length ? html`<p class="form-text mb-0">${left} earlier ${left === 1 ? "one is" : "ones are"} not kept.</p>` : nothing}
  </section>`;
}

function attempt({ time, profile, outcome, words }) {
  const { mood, icon: name, words: said } = OUTCOMES[outcome] ?? { mood: "quiet", icon: "info-circle", words: outcome };
  return html`<li><div class="mail-attempt"><span class="state mood-${mood}">${icon(name)}${said}</span>
      <span class="fact-note">${when(time, { relative: false })}, through ${profile}</span></div>
    ${words ? html`<code class="mail-said">${plain(words)}</code>` : nothing}</li>`;
}
