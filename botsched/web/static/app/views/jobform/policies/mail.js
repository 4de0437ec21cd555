/** Who gets mail about a job, and when. */

import { html, nothing } from "../../../lib.js";
import { icon } from "../../../ui/icon.js";
import { rulesInWords, WAYS } from "../../../ui/mailrules.js";
import { select } from "../fields/common.js";
import { mailRule } from "./mailrule.js";

export function mail(form) {
  const { rules } = form.draft;
  const way = rules.mail === null ? "" : rules.mail.length ? "own" : "none";
  const choose = (word) => (rules.mail = { "": null, none: [], own: [rule()] }[word]);
  const choices = [["", "by default"], ["none", "no mails"], ["own", "as follows"]];
  return html`${form.data.profiles.length ? nothing : html`<p class="form-text">This server sends no mails: it was started without
      <code>--smtp-profile</code>, and has no other channel. What is said here holds when it has one.</p>`}
    <div class="form-grid">${select(form, { key: "mail", label: "Mails are sent", value: way, choices, set: choose, double: true, hint: way === "" ? byDefault(form) : "" })}</div>
    ${way === "own" ? own(form) : nothing}`;
}

function byDefault({ data }) {
  return rulesInWords(data.defaults.mail).map((words) => html`<span class="mail-words">${words}</span>`);
}

function own(form) {
  const given = form.draft.rules.mail;
  const put = (rules) => {
    form.draft.rules.mail = rules;
    form.changed("mail");
  };
  return html`${given.map((each, index) => mailRule(form, each, index, given.length > 1 ? () => put(given.filter((_, place) => place !== index)) : null))}
    <button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => put([...given, rule()])}>${icon("plus-lg")} Add a rule</button>`;
}

function rule() {
  return { on: [...WAYS[0].on], profiles: null, to: null };
}
