/** The page that shows the REST API, to read and to try it. */

import { plain } from "./plugin.js";

const root = document.documentElement;

/** The library has a dark look of its own. */
function followTheme() {
  root.classList.toggle("dark-mode", root.dataset.bsTheme === "dark");
}

followTheme();
new MutationObserver(followTheme).observe(root, { attributeFilter: ["data-bs-theme"] });

window.SwaggerUIBundle({
  url: "/api/v1/spec",
  dom_id: "#reference",
  plugins: [plain],
  validatorUrl: null,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  syntaxHighlight: { activated: false },
});
