/** All jobs at once: the hold, and maintenance windows. */

import { del, get, put } from "../../api.js";
import { html, nothing } from "../../lib.js";
import { absolute, duration, when } from "../../time.js";
import { asking, busily } from "../../ui/busy.js";
import { confirm, openDialog } from "../../ui/dialog.js";
import { icon } from "../../ui/icon.js";
import { tell } from "../../ui/toast.js";
import { editWindow } from "./window.js";

/** `done()` is called after a change. */
export function controls({ hold, windows }, done) {
  return html`<h3 class="system-sub">Hold</h3>
    ${hold.error ? hold.error : hold.held ? held(hold, done) : notHeld(done)}
    <h3 class="system-sub">Maintenance windows of all jobs</h3>
    ${windows.error ? windows.error : windowList(windows, done)}`;
}

function notHeld(done) {
  return html`<p>Jobs are started by schedule. Hold them all while the machines they need are being worked on: what falls due is skipped, and recorded.</p>
    <button type="button" class="btn btn-sm btn-outline-danger" @click=${asking(() => holdAll(done))}>${icon("pause-circle")} Hold all jobs</button>`;
}

function held({ user, since, reason }, done) {
  return html`<p><strong>All jobs are held</strong> by ${user} ${when(since)}${reason ? html`: ${reason}` : nothing}</p>
    <button type="button" class="btn btn-sm btn-primary" @click=${busily(() => release(done))}>${icon("play-fill")} Release all jobs</button>`;
}

async function holdAll(done) {
  let reason = "";
  const agreed = await openDialog({
    title: "Hold all jobs?",
    body: (close) => html`<form id="hold" @submit=${(event) => { event.preventDefault(); close(true); }}>
      <p>Nothing is started by schedule until somebody releases the jobs; what runs goes on, and runs by hand are started as ever.</p>
      <label class="form-label" for="hold-reason">Why, for others to read</label>
      <input id="hold-reason" class="form-control" autofocus maxlength="500" @input=${(event) => (reason = event.target.value)}></form>`,
    footer: (close) => html`<button type="button" class="btn btn-outline-secondary" @click=${() => close()}>Cancel</button>
      <button type="submit" form="hold" class="btn btn-danger">Hold all jobs</button>`,
  });
  if (!agreed) return;
  await put("/hold", { reason });
  tell("All jobs are held.", { label: "Undo", run: () => release(done) });
  await done();
}

async function release(done) {
  await del("/hold");
  tell("All jobs are released.");
  await done();
}

function windowList(windows, done) {
  const none = html`<p class="text-body-secondary">None. In a window, no job is started by schedule; windows of a single job are among its rules.</p>`;
  return html`${windows.length ? html`<ul class="windows">${windows.map((each, index) => entry(each, index, done))}</ul>` : none}
    <button type="button" class="btn btn-sm btn-outline-secondary" @click=${asking(() => change(null, done))}>${icon("plus-lg")} Add a window</button>`;
}

function entry(each, index, done) {
  return html`<li class="window"><div><strong>${each.name}</strong><div class="text-body-secondary">${inWords(each)}</div></div>
    <span class="window-acts">
      <button type="button" class="btn btn-icon" aria-label="Change ${each.name}" title="Change" @click=${asking(() => change(each, done))}>${icon("pencil")}</button>
      <button type="button" class="btn btn-icon" aria-label="Delete ${each.name}" title="Delete" @click=${asking(() => remove(each, done))}>${icon("trash")}</button>
    </span></li>`;
}

function inWords(each) {
  if (each.crontab === undefined) return `${absolute(each.from, { seconds: false })} to ${absolute(each.to, { seconds: false })}`;
  return `${each.crontab} (${each.timezone}), for ${duration(each.duration)}`;
}

/** Let a window be written; the others are as they are by then. */
async function change(before, done) {
  const changed = await editWindow(before, (after) => replace(before, after));
  if (!changed) return;
  tell(`The window ${changed.name} was saved.`);
  await done();
}

async function remove(each, done) {
  const agreed = await confirm({ title: "Delete this window?", body: html`<p><strong>${each.name}</strong>, ${inWords(each)}: jobs are started in it again.</p>`, action: "Delete" });
  if (!agreed) return;
  await replace(each, null);
  tell(`The window ${each.name} was deleted.`);
  await done();
}

/** Put one window in the place of another one; null for none. */
async function replace(before, after) {
  const { windows } = await get("/windows");
  const there = windows.findIndex((each) => before && JSON.stringify(each) === JSON.stringify(before));
  if (before && there < 0) throw new Error("Somebody else changed this window meanwhile. Look at it again, and repeat your change.");
  const kept = windows.filter((_, index) => index !== there);
  await put("/windows", { windows: after ? [...kept, after] : kept });
}
