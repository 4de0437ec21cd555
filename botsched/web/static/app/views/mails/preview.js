/** The mail itself: as it looks, as text, and as what web hooks and commands get. */

import { address } from "../../api.js";
import { html, nothing } from "../../lib.js";
import { icon } from "../../ui/icon.js";
import { addressWith } from "../../ui/query.js";
import { plain } from "../executions/output/ansi.js";

const FORMS = { html: "As it looks", text: "As text", json: "As data" };

/** What the chosen form needs beforehand: its text, or an error; the picture of it loads itself. */
export async function loadContent(mail, form, ask) {
  const path = `/mails/${mail.mail_id}/content`;
  try {
    const data = await ask(path, { format: "json" });
    return { subject: data.subject, text: await textOf(form, data, () => ask(path, { format: "text" })) };
  } catch (error) {
    if (error.status === undefined) throw error;
    return { fault: error.message };
  }
}

function textOf(form, data, ask) {
  if (form === "json") return JSON.stringify(data, null, 2);
  return form === "text" ? ask() : undefined;
}

/** `mail.isMessage`: whether it goes out as a message of SMTP. */
export function preview(mail, { subject, text, fault }, query) {
  const form = FORMS[query.get("as")] ? query.get("as") : "html";
  return html`<section class="panel mail-preview" aria-labelledby="mail-itself">
    <div class="panel-head"><h2 id="mail-itself">${subject ? plain(subject) : "The mail"}</h2>
      ${mail.isMessage ? html`<a class="btn btn-sm btn-outline-secondary" href=${content(mail, "raw")} download>${icon("download")} As it is sent</a>` : nothing}</div>
    <nav class="btn-group btn-group-sm mb-2" aria-label="Show it">${Object.entries(FORMS).map(([name, words]) => html`<a
      class="btn btn-outline-secondary ${name === form ? "active" : ""}" aria-current=${name === form ? "true" : nothing} href=${addressWith({ as: name === "html" ? "" : name })}>${words}</a>`)}</nav>
    ${fault ? html`<p class="state mood-bad">${icon("x-circle-fill")}${fault}</p>` : shown(mail, form, text)}
  </section>`;
}

/** It runs no script and loads nothing from elsewhere: its own policy says so, and the frame again. */
function shown(mail, form, text) {
  if (form !== "html") return html`<pre class="mail-text" tabindex="0" aria-label="The mail ${FORMS[form].toLowerCase()}">${plain(text ?? "")}</pre>`;
  return html`<iframe class="mail-frame" title="The mail as it looks" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"
    src=${content(mail, "html")}></iframe>`;
}

function content(mail, format) {
  return address(`/mails/${mail.mail_id}/content`, { format });
}
