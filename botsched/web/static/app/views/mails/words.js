/** What is said of a mail in a few words. */

import { html, nothing } from "../../lib.js";
import { when } from "../../time.js";
import { icon } from "../../ui/icon.js";
import { reasonInWords } from "../../ui/mailrules.js";

/** By state: the mood that colours it, its icon, and what it means. */
export const MAIL_STATES = {
  queued: { mood: "quiet", icon: "clock", means: "It is sent next." },
  sending: { mood: "busy", icon: "arrow-repeat", means: "It is being sent." },
  deferred: { mood: "warn", icon: "hourglass-split", means: "It was not accepted, for a reason that may pass, and is tried again." },
  held: { mood: "quiet", icon: "pause-circle", means: "It waits." },
  delivered: { mood: "good", icon: "check-circle-fill", means: "It was accepted." },
  digested: { mood: "good", icon: "list-ul", means: "It was told in a digest." },
  dead: { mood: "bad", icon: "x-circle-fill", means: "It was given up." },
};

const HELD = { quiet: "Quiet hours: it waits until they end.", cap: "More mails than may come in a day: it waits for the digest." };

export function mailBadge(state) {
  const { mood, icon: name } = MAIL_STATES[state] ?? { mood: "quiet", icon: "question-circle" };
  return html`<span class="state mood-${mood}">${icon(name)}${state}</span>`;
}

/** What it is about: "Nightly backup: failed", "Digest". */
export function about({ kind, job_name: name, outcome }) {
  if (kind === "digest") return "Digest";
  return [name ?? "A job that is gone", outcome].filter(Boolean).join(": ");
}

/** Whom it is for; the addresses of a profile are known to the profile. */
export function whom({ to, profile }) {
  return to?.length ? to.join(", ") : `those of ${profile}`;
}

/** The same in a list: of many addresses the first two. */
export function whomBriefly({ to, profile }) {
  const left = (to?.length ?? 0) - 2;
  return left > 1 ? `${to.slice(0, 2).join(", ")} and ${left} more` : whom({ to, profile });
}

/** Why it is sent, in a few words. */
export function reason({ kind, why, outcome }) {
  if (kind === "digest") return "what was held back";
  return why ? reasonInWords(why, outcome === "succeeded") : "";
}

/** The same, and by which rule. */
export function reasonWithRule(mail) {
  const { why } = mail;
  return why ? `Rule ${why.rule} of the ${why.source}: ${reason(mail)}.` : reason(mail);
}

/** Its state in a sentence. */
export function meaning({ state, why }) {
  return (state === "held" && HELD[why?.held]) || MAIL_STATES[state]?.means || "";
}

/** The moment that matters in its state, with a word on what happens then. */
export function moment({ state, next_attempt_time: next, held_until: until, ended_time: ended, created_time: created }) {
  if (state === "held" && until) return html`sent ${when(until)}`;
  if (state === "deferred" && next) return html`next attempt ${when(next)}`;
  return when(ended ?? created) ?? nothing;
}

export function attempts(count) {
  return count === 1 ? "1 attempt" : `${count} attempts`;
}
