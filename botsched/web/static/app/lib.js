/** The libraries, imported from one place. */

export { html, nothing, render, svg } from "../vendor/lit-html/lit-html.js";
export { classMap } from "../vendor/lit-html/directives/class-map.js";
export { ifDefined } from "../vendor/lit-html/directives/if-defined.js";
export { live } from "../vendor/lit-html/directives/live.js";
export { createRef, ref } from "../vendor/lit-html/directives/ref.js";
export { repeat } from "../vendor/lit-html/directives/repeat.js";
export { styleMap } from "../vendor/lit-html/directives/style-map.js";

export const { Backbone, _, bootstrap } = window;

const LOADED = new Map();

/** Load a classic script of the vendor folder when it is first needed; resolves once it has run. */
export function loadScript(path) {
  if (!LOADED.has(path)) {
    LOADED.set(path, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = vendored(path);
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${path} could not be loaded. Load the page again.`));
      document.head.append(script);
    }));
  }
  return LOADED.get(path);
}

/** Load a style sheet of the vendor folder when it is first needed. */
export function loadStyle(path) {
  const address = vendored(path);
  if (document.querySelector(`link[href="${address}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  document.head.append(link);
}

function vendored(path) {
  return new URL(`../vendor/${path}`, import.meta.url).pathname;
}
