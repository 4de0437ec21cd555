/** Who gets mail about a job, and when. */

import { html, nothing } from "../../../lib.js";
import { icon } from "../../../ui/icon.js";
import { check, faultBelow, select, textInput } from "../fields/common.js";

const WAYS = [["", "by default: on output, failure, timeout and lost runs"], ["none", "no mails"], ["own", "as follows"]];
const EVENTS = {
  failure: "it failed, after the last attempt",
  timeout: "it took longer than its limit",
  lost: "it was lost",
  missed: "an instant was missed",
  skipped: "an instant was skipped",
  output: "it printed something, or gave a report",
  success: "it succeeded",
};
const USUAL = ["failure", "timeout", "lost"];

export function mail(form) {
  const { rules } = form.draft;
  const way = rules.mail === null ? "" : rules.mail.length ? "own" : "none";
  const choose = (word) => (rules.mail = { "": null, none: [], own: [rule()] }[word]);
  return html`${form.data.profiles.length ? nothing : html`<p class="form-text">This server sends no mails: it was started without
      <code>--smtp-profile</code>. What is said here holds when it is started with one.</p>`}
    <div class="form-grid">${select(form, { key: "mail", label: "Mails are sent", value: way, choices: WAYS, set: choose, double: true })}</div>
    ${way === "own" ? html`${rules.mail.map((each, index) => one(form, each, index))}
      <button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => put(form, [...rules.mail, rule()])}>${icon("plus-lg")} Add a rule</button>` : nothing}`;
}

function one(form, values, index) {
  const key = (name) => `mail[${index}].${name}`;
  const others = form.draft.rules.mail.filter((_, place) => place !== index);
  return html`<fieldset class="schedule" aria-label="Mail rule ${index + 1}">
    <fieldset class="form-field is-wide"><legend class="form-label">When</legend>
      ${Object.entries(EVENTS).map(([name, label]) => ticked(form, values, "on", name, key(`on.${name}`), label))}</fieldset>
    ${profiles(form, values, key)}
    ${textInput(form, { key: key("to"), label: "To", value: (values.to ?? []).join(", "), placeholder: "ops@example.com, ann@example.com",
      hint: "addresses with commas between them; empty: those of the profile", wide: true, set: (typed) => (values.to = addresses(typed)) })}
    ${others.length ? html`<button type="button" class="btn btn-sm btn-icon remove" aria-label="Remove mail rule ${index + 1}" title="Remove"
      @click=${() => put(form, others)}>${icon("trash")}</button>` : nothing}
  </fieldset>`;
}

function profiles(form, values, key) {
  const known = form.data.profiles;
  const names = [...known, ...(values.profiles ?? []).filter((name) => !known.includes(name))];
  if (!names.length) return nothing;
  return html`<fieldset class="form-field is-wide"><legend class="form-label">Through which profiles</legend>
    ${names.map((name) => ticked(form, values, "profiles", name, key(`profiles.${name}`), known.includes(name) ? name : `${name} (not there)`))}
    <div class="form-text">none ticked: all that the server was started with</div></fieldset>`;
}

/** A box for one of several words; profiles without any are left to the server. */
function ticked(form, values, name, word, key, label) {
  const given = values[name] ?? [];
  const set = (on) => {
    const words = on ? [...given, word] : given.filter((each) => each !== word);
    values[name] = name === "profiles" && !words.length ? null : words;
  };
  return check(form, { key, label, value: given.includes(word), set });
}

function rule() {
  return { on: [...USUAL], profiles: null, to: null };
}

function addresses(typed) {
  const given = typed.split(",").map((each) => each.trim()).filter(Boolean);
  return given.length ? given : null;
}

function put(form, rules) {
  form.draft.rules.mail = rules;
  form.changed("mail");
}
