/** The viewer's menu: who is logged in, theme, zone of the times, help. */

import { html } from "../../lib.js";
import { preferences } from "../../preferences.js";
import { session } from "../../session.js";
import { icon } from "../../ui/icon.js";
import { showHelp } from "./help.js";

const THEMES = [["auto", "As the system", "circle-half"], ["light", "Light", "sun"], ["dark", "Dark", "moon-stars"]];

export function menu() {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = [["viewer", `Yours (${own})`], ["job", "The job's"], ["server", `The server's (${session.timezone})`]];
  return html`<div class="dropdown">
    <button type="button" class="btn menu-button" data-bs-toggle="dropdown" data-bs-auto-close="outside" aria-expanded="false"
      aria-label="Menu of ${session.user}">${icon("person-circle")}<span class="menu-user">${session.user}</span></button>
    <div class="dropdown-menu dropdown-menu-end">
      <h2 class="dropdown-header">Theme</h2>
      ${THEMES.map(([value, label, name]) => choice("theme", value, html`${icon(name)} ${label}`))}
      <h2 class="dropdown-header">Times in this zone</h2>
      ${zones.map(([value, label]) => choice("zone", value, label))}
      <div class="dropdown-divider"></div>
      <button type="button" class="dropdown-item" @click=${showHelp}>${icon("keyboard")} Keyboard <kbd>?</kbd></button>
      <a class="dropdown-item" href="/api">${icon("braces")} REST API</a>
      <div class="dropdown-divider"></div>
      <p class="dropdown-item-text">bots-scheduler ${session.version}</p>
    </div>
  </div>`;
}

function choice(name, value, label) {
  const chosen = preferences.get(name) === value;
  return html`<button type="button" class="dropdown-item" aria-pressed=${chosen ? "true" : "false"}
    @click=${() => preferences.set(name, value)}>${icon(chosen ? "check-lg" : "", "choice-mark")} ${label}</button>`;
}
