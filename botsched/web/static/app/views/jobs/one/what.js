/** What a job runs. */

import { html } from "../../../lib.js";

export function what(job) {
  return html`<section class="panel" aria-labelledby="job-what">
    <h2 id="job-what">What it runs</h2>
    <dl class="pairs">
      <dt>Class</dt><dd><code>${job.job_class_string}</code></dd>
      ${listed(job.pub_args)}
    </dl>
  </section>`;
}

function listed(given) {
  const entries = Array.isArray(given) ? given.map((value, index) => [`Argument ${index + 1}`, value]) : Object.entries(given);
  if (!entries.length) return html`<dt>Arguments</dt><dd class="text-body-secondary">none</dd>`;
  return entries.map(([name, value]) => html`<dt>${name}</dt><dd><code class="argument">${written(value)}</code></dd>`);
}

function written(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
