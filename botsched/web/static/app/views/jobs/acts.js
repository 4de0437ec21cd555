/** What can be done to one job, from the list and from its own page; each tells that it was done. */

import { del, post } from "../../api.js";
import { html } from "../../lib.js";
import { go } from "../../router.js";
import { absolute } from "../../time.js";
import { confirm } from "../../ui/dialog.js";
import { tell } from "../../ui/toast.js";
import { askUntil } from "./pausing.js";

/** Run it once, now, with its own arguments. */
export async function run(job) {
  const { execution_id } = await post(`/jobs/${job.job_id}/run`);
  tellOfRun(job, execution_id);
}

/** The same with arguments that the viewer may change. */
export async function runChanged(job) {
  const { runWith } = await import("./rundialog.js");
  const execution_id = await runWith(job);
  if (execution_id) tellOfRun(job, execution_id);
}

function tellOfRun(job, execution_id) {
  tell(`“${job.name}” was started.`, { label: "Look at it", run: () => go(`/executions/${execution_id}`) });
}

/** Pause it, until an instant if one is given; `after` is called when that was undone. */
export async function pause(job, until, after) {
  await post(`/jobs/${job.job_id}/pause`, until ? { until } : undefined);
  const end = until ? ` until ${absolute(until, { jobZone: job.timezone, seconds: false })}` : "";
  tell(`“${job.name}” is paused${end}.`, { label: "Undo", run: () => resume(job).then(after) });
}

/** Ask until when, and pause it. */
export async function pauseUntil(job, after) {
  const until = await askUntil({ title: `Pause “${job.name}”`, jobZone: job.timezone });
  if (until !== undefined) await pause(job, until, after);
}

export async function resume(job) {
  await post(`/jobs/${job.job_id}/resume`);
  tell(`“${job.name}” runs by its schedule again.`);
}

/** Ask, and delete it; resolves with whether it was. */
export async function remove(job) {
  const sure = await confirm({
    title: "Delete this job?",
    body: html`<p><strong>${job.name}</strong> will not run any more: ${job.schedule}.</p>
      <p class="mb-0">Its past executions stay. This cannot be undone; to stop it for a while, pause it.</p>`,
    action: "Delete the job",
  });
  if (!sure) return false;
  await del(`/jobs/${job.job_id}`);
  tell(`“${job.name}” was deleted.`);
  return true;
}
