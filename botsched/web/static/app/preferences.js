/** What a viewer chose, kept in the browser and shared by its tabs. */

import { _, Backbone } from "./lib.js";

const DEFAULTS = { theme: "auto", zone: "viewer", wrap: "on", stamps: "off" };

/**
 * `theme`: auto, light or dark. `zone`: viewer, job or server. `wrap`, `stamps`: on or off, of outputs.
 * Changes are events `change:NAME`.
 */
class Preferences extends Backbone.Model {
  defaults() {
    return _.mapObject(DEFAULTS, (value, name) => stored(name) ?? value);
  }

  initialize() {
    this.on("change", () => this.save());
    window.addEventListener("storage", () => this.set(this.defaults()));
  }

  save() {
    for (const [name, value] of Object.entries(this.changedAttributes() || {})) store(name, value);
    window.applyTheme();
  }
}

function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // the browser keeps nothing for us: each visit begins with the defaults
  }
}

function store(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // as above
  }
}

export const preferences = new Preferences();
