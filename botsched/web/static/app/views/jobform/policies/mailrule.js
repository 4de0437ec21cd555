/** One mail rule: when and to whom; what else it may say is folded away. */

import { html, nothing } from "../../../lib.js";
import { icon } from "../../../ui/icon.js";
import { OCCASIONS, ruleInWords, wayInWords, WAYS } from "../../../ui/mailrules.js";
import { check, faultBelow, select, textInput } from "../fields/common.js";
import { durationInput } from "../fields/duration.js";
import { quiet } from "./quiet.js";

const OWN = "own";
const MORE = ["after", "rate", "every", "quiet", "most_a_day"];
const RATE = { failures: 3, of: 10 };

/** `remove` takes it away; null where it must stay. */
export function mailRule(form, values, index, remove) {
  const key = (name) => `mail[${index}].${name}`;
  return html`<fieldset class="schedule mail-rule" aria-label="Mail rule ${index + 1}">
    ${occasions(form, values, key)}
    ${channels(form, values, key)}
    ${textInput(form, { key: key("to"), label: "To", value: (values.to ?? []).join(", "), placeholder: "ops@example.com, ann@example.com",
      hint: "addresses with commas between them; empty: those of the profile", wide: true, set: (typed) => (values.to = addresses(typed)) })}
    <details class="mail-more"><summary>More ${MORE.some((name) => values[name] !== null && values[name] !== undefined) ? html`<span class="own">changed</span>` : nothing}</summary>
      ${more(form, values, key)}</details>
    <p class="form-text mail-words">${ruleInWords(values)}</p>
    ${remove ? html`<button type="button" class="btn btn-sm btn-icon remove" aria-label="Remove mail rule ${index + 1}" title="Remove" @click=${remove}>${icon("trash")}</button>` : nothing}
  </fieldset>`;
}

/** One of the usual ways; who wants another one ticks what it is. */
function occasions(form, values, key) {
  const usual = WAYS.findIndex(({ on }) => on.length === values.on.length && on.every((each) => values.on.includes(each)));
  const way = usual < 0 || form.byHand.has(values) ? OWN : String(usual);
  const set = (chosen) => {
    if (chosen === OWN) form.byHand.add(values);
    else form.byHand.delete(values);
    if (chosen !== OWN) values.on = [...WAYS[Number(chosen)].on];
  };
  const choices = [...WAYS.map((each, place) => [String(place), wayInWords(each, values.every)]), [OWN, "when it does one of …"]];
  return html`${select(form, { key: key("on"), label: "When", value: way, choices, set, wide: true })}
    ${way === OWN ? html`<fieldset class="form-field is-wide mail-on"><legend class="form-label">When it</legend>
      ${Object.entries(OCCASIONS).map(([name, words]) => ticked(form, values, "on", name, key(`on.${name}`), words))}</fieldset>` : nothing}`;
}

function channels(form, values, key) {
  const known = form.data.profiles;
  const names = [...known.map(({ name }) => name), ...(values.profiles ?? []).filter((name) => !known.some((each) => each.name === name))];
  if (!names.length) return nothing;
  return html`<fieldset class="form-field is-wide"><legend class="form-label">Through</legend>
    ${names.map((name) => ticked(form, values, "profiles", name, key(`profiles.${name}`), labelOf(name, known)))}
    <div class="form-text">none ticked: all SMTP profiles that the server was started with</div>${faultBelow(form, key("profiles"))}</fieldset>`;
}

const KINDS = { webhook: "web hook", command: "command", channel: "channel of your own" };

function labelOf(name, known) {
  const there = known.find((each) => each.name === name);
  if (!there) return `${name} (not there)`;
  return KINDS[there.kind] ? `${name} (${KINDS[there.kind]})` : name;
}

/** A box for one of several words; profiles without any are left to the server. */
function ticked(form, values, name, word, key, label) {
  const given = values[name] ?? [];
  const set = (on) => {
    const words = on ? [...given, word] : given.filter((each) => each !== word);
    values[name] = name === "profiles" && !words.length ? null : words;
    form.byHand.add(values);
  };
  return check(form, { key, label, value: given.includes(word), set });
}

function more(form, values, key) {
  const usual = form.data.mailDefaults;
  const reminds = values.on.includes("still_failing");
  return html`<div class="form-grid">
      ${whole(form, key, values, "after", "Only after so many bad runs in a row", { min: 1, placeholder: "1", hint: "empty: after the first" })}
      ${rate(form, values, key)}
      ${reminds ? durationInput(form, { key: key("every"), label: "Remind again after", value: values.every ?? null, placeholder: "1", unit: "days", hint: "empty: a day", set: (seconds) => (values.every = seconds) }) : nothing}
      ${whole(form, key, values, "most_a_day", "Mails a day at most", { min: 0, hint: `what is more comes in a digest; empty: ${usual.most_a_day ?? "any number"}` })}
    </div>
    ${quiet(form, values, key("quiet"))}`;
}

function rate(form, values, key) {
  const { rate: given } = values;
  const put = (name) => (typed) => (values.rate = { ...given, [name]: Number(typed) });
  const number = (name, label, words) => textInput(form, { key: key(`rate.${name}`), label, type: "number", min: 1, step: 1, value: given[name], hint: words, set: put(name) });
  return html`<div class="form-field is-wide">${check(form, { key: key("rate"), label: "Or when so many of the last runs were bad", value: given, set: (on) => (values.rate = on ? { ...RATE } : null) })}${faultBelow(form, key("rate"))}</div>
    ${given ? html`${number("failures", "Bad runs")}${number("of", "Of the last")}` : nothing}`;
}

function whole(form, key, values, name, label, options) {
  const set = (typed) => (values[name] = typed === "" ? null : Number(typed));
  return textInput(form, { key: key(name), label, type: "number", step: 1, value: values[name], set, ...options });
}

function addresses(typed) {
  const given = typed.split(",").map((each) => each.trim()).filter(Boolean);
  return given.length ? given : null;
}
