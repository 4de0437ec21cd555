/** The chain that a job is part of: what runs after it, and what it runs after. */

import { get } from "../../../api.js";
import { html, nothing } from "../../../lib.js";
import { icon } from "../../../ui/icon.js";

const MOST = 20;

/** The jobs around one, by the way they are linked; `ask` is as `get`, for this loading. */
export async function linked(job_id, ask = get) {
  const job = await ask(`/jobs/${job_id}`);
  const named = (ids) => Promise.all((ids ?? []).slice(0, MOST).map((id) => nameOf(id, ask)));
  const [onSuccess, onFailure, before] = await Promise.all([
    named(job.then_run),
    named(job.on_failure_run),
    ask("/jobs", { leads_to: job_id, limit: MOST }),
  ]);
  const follows = (key) => before.jobs.filter((each) => each[key]?.includes(job_id));
  return { onSuccess, onFailure, afterSuccess: follows("then_run"), afterFailure: follows("on_failure_run") };
}

async function nameOf(job_id, ask) {
  try {
    return await ask(`/jobs/${job_id}`);
  } catch (error) {
    if (error.status !== 404) throw error;
    return { job_id, name: "a job that was deleted" };
  }
}

export function links(chain) {
  if (!Object.values(chain).some((jobs) => jobs.length)) return nothing;
  return html`<section class="panel" aria-labelledby="job-links">
    <h2 id="job-links">Chain</h2>
    <dl class="pairs">
      ${line("Runs after a success of", chain.afterSuccess)}
      ${line("Runs after a failure of", chain.afterFailure)}
      ${line("After a success runs", chain.onSuccess)}
      ${line("After a failure runs", chain.onFailure)}
    </dl>
  </section>`;
}

function line(words, jobs) {
  if (!jobs.length) return nothing;
  return html`<dt>${words}</dt><dd>${jobs.map((job) => html`<a class="chained" href="/jobs/${job.job_id}">${icon("link-45deg")} ${job.name}</a>`)}</dd>`;
}
