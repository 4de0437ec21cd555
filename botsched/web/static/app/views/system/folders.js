/** The job folders: what is in them, and loading them anew. */

import { post } from "../../api.js";
import { html, nothing } from "../../lib.js";
import { busily } from "../../ui/busy.js";
import { icon } from "../../ui/icon.js";
import { complain, tell } from "../../ui/toast.js";

/** `done()` is called after they were loaded anew. */
export function folders({ folders: all }, done) {
  return html`${all.map(folder)}
    <p class="system-note">Changed modules are noticed by themselves. After a library was installed, load them anew:
      <button type="button" class="btn btn-sm btn-outline-secondary" @click=${busily(() => reload(done))}>${icon("arrow-repeat")} Load anew</button></p>`;
}

function folder({ folder: path, modules }) {
  const classes = modules.reduce((sum, module) => sum + module.classes.length, 0);
  return html`<details class="system-fold"><summary>${path} <span class="text-body-secondary">${counted(classes, "job class", "es")} in ${counted(modules.length, "module", "s")}</span></summary>
    <ul class="modules">${modules.map(({ module, classes: names }) => html`<li>${module}:
      ${names.map((name, index) => html`${index ? ", " : nothing}<a href="/jobs?job_class=${encodeURIComponent(name)}">${name.slice(module.length + 1)}</a>`)}</li>`)}</ul>
  </details>`;
}

async function reload(done) {
  const { loaded, classes, failures } = await post("/classes/reload");
  if (!loaded) complain("The job folders could not be loaded anew; what was loaded before stays in use. The server's log says why.");
  else tell(`${counted(classes.length, "job class", "es")} loaded, ${counted(failures.length, "failure", "s")}.`);
  await done();
}

function counted(number, word, ending) {
  return `${number} ${word}${number === 1 ? "" : ending}`;
}
