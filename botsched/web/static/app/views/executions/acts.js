/** What can be done with an execution. */

import { del, post } from "../../api.js";
import { html } from "../../lib.js";
import { go } from "../../router.js";
import { busily } from "../../ui/busy.js";
import { confirm } from "../../ui/dialog.js";
import { complain, tell } from "../../ui/toast.js";

/** Stop it, after asking. */
export async function stop(run, done) {
  const isWaiting = run.state === "scheduled";
  const body = isWaiting
    ? html`<p>It waits, and will not be started. No further attempt and no other job follows.</p>`
    : html`<p>It is asked to end, with all processes that it started, and some seconds later made to.
        No further attempt and no other job follows.</p>`;
  if (!(await confirm({ title: `Stop ${run.job.name}?`, body, action: "Stop it" }))) return;
  try {
    await del(`/executions/${run.execution_id}`);
    tell(isWaiting ? "It will not be started." : "It is being stopped.");
  } catch (error) {
    complain(error);
  }
  done();
}

/** A click handler: run the job once more with the arguments of this execution, and go there. */
export function runAgain(run) {
  return busily(async () => {
    const { execution_id: id } = await post(`/jobs/${run.job.job_id}/run`, { pub_args: run.job.pub_args });
    tell(`${run.job.name} runs again.`);
    go(`/executions/${id}`);
  });
}
