/** On a fresh machine: the first steps. */

import { html } from "../../lib.js";
import { counted } from "../../ui/chart.js";
import { icon } from "../../ui/icon.js";

/** `classes`: the answer of `/classes`. */
export function firstSteps({ classes, failures }) {
  return html`<section class="panel first" aria-labelledby="first-title">
    <h2 id="first-title">Nothing is scheduled yet. Three steps to the first job:</h2>
    <ol class="steps">
      <li>${icon("folder")}<div><h3>See what can be run</h3>
        <p>${classes.length ? `${counted(classes.length, "job class", "job classes")} ${classes.length === 1 ? "is" : "are"} loaded` : "No job class is loaded"}${failures.length ? html`, and <a href="/system">${failures.length} could not be</a>` : ""}.
          A job class is Python in a job folder, the folder <code>jobs</code> beside the program unless it was started with <code>--jobs</code>; what you put there is found by itself.
          <a href="/system">All folders and classes</a></p></div></li>
      <li>${icon("plus-lg")}<div><h3>Add a job</h3>
        <p>Choose a class, say with which arguments and when. The class <code>ShellCommand</code> runs any command, as cron does.</p>
        <a class="btn btn-primary" href="/jobs/new">${icon("plus-lg")} Add a job</a></div></li>
      <li>${icon("bell")}<div><h3>Be told when something fails</h3>
        <p>Name a mail server in <code>conf/smtp.ini</code> and start with <code>--smtp-profile</code>. All can be done by programs, too: <a href="/api">the REST API</a>. More is in the folder <code>docs</code>, from <code>docs/running.md</code> on.</p></div></li>
    </ol>
  </section>`;
}
