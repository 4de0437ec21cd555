/** What is wrong, out of what the parts of the server say of themselves; the worst first. */

import { bytes } from "../../bytes.js";
import { html, nothing } from "../../lib.js";
import { absolute, duration, now } from "../../time.js";
import { icon } from "../../ui/icon.js";

const LATE_SECONDS = 30;
const SLOW_SECONDS = 1;
const EXPIRES_SOON_DAYS = 21;
const FULL_SHARE = 0.1;
const DAY = 86_400_000;

/** Each has a `mood` (bad or warn), a `text` and perhaps a `detail` to unfold and a `target` on the page. */
export function problemsOf(system) {
  const found = Object.entries(system).flatMap(([part, said]) => {
    if (said?.error) return [bad(`The part “${part}” does not answer: ${said.error}`)];
    return said && CHECKS[part] ? CHECKS[part](said, system) : [];
  });
  return found.filter(Boolean).sort((one, other) => (one.mood === other.mood ? 0 : one.mood === "bad" ? -1 : 1));
}

const CHECKS = {
  scheduler: ({ fault, late }, { hold }) => [
    fault && bad(fault),
    !fault && !hold?.held && late > LATE_SECONDS && bad(`The scheduler is ${duration(late)} late: what is due is not looked at.`, "server"),
  ],
  workers: ({ starter, slots, running, waiting }) => [
    starter.state === "restarting" && bad("The process that starts jobs is gone and being started again; nothing runs meanwhile.", "server"),
    waiting > 0 && running >= slots && warn(`All ${slots} slots are taken, and ${waiting} more ${waiting === 1 ? "execution waits" : "executions wait"}. More run at a time with --threadpool-size.`, "server"),
  ],
  proxy: ({ state, restarts, certificate }) => [
    state !== "running" && bad(`The proxy is ${state}: nobody can log in.`, "server"),
    restarts > 0 && warn(`The proxy died and was started again ${restarts === 1 ? "once" : `${restarts} times`}. The server's log says why.`, "server"),
    expiring(certificate),
  ],
  outbox: (profiles) => profiles.flatMap(mails),
  database: ({ disk, write_seconds: slow }) => [
    full(disk, "the database"),
    slow > SLOW_SECONDS && warn(`A commit in the database took ${duration(slow)}; jobs start and end no faster than that.`, "database"),
  ],
  data: ({ disk, writable, folder }, { database }) => [
    !writable && warn(`Files cannot be put into the data folder ${folder}: the server may not write there.`, "database"),
    database?.disk?.free !== disk?.free && full(disk, "the data folder"),
  ],
  jobs: ({ failures, homeless }) => [
    ...failures.map((failure) => bad(`${failure.class_name ? `${failure.module}.${failure.class_name}` : failure.module} could not be loaded: ${failure.error}`, "folders", failure)),
    ...homeless.map((each) => bad(`${each.jobs === 1 ? "1 job has" : `${each.jobs} jobs have`} the class ${each.job_class_string}, which is in no job folder.`, "folders")),
  ],
  hold: ({ held, reason }) => [held && warn(`All jobs are held${reason ? `: ${reason}` : "."}`, "controls")],
};

function bad(text, target, failure) {
  return { mood: "bad", text, target, detail: failure?.traceback, file: failure?.file };
}

function warn(text, target, detail) {
  return { mood: "warn", text, target, detail };
}

function mails({ profile, selected, owed, failing, failing_error: error, dead, dead_error: last, dead_time: at }) {
  return [
    failing > 0 && bad(`${failing} ${failing === 1 ? "mail" : "mails"} through ${profile} could not be delivered yet: ${error}`, "mail"),
    dead > 0 && warn(`${dead} ${dead === 1 ? "mail" : "mails"} through ${profile} ${dead === 1 ? "was" : "were"} given up, the last on ${absolute(at)}: ${last}`, "mail"),
    owed > 0 && !selected && warn(`${owed} ${owed === 1 ? "mail waits" : "mails wait"} for the profile ${profile}, which is not there: it is neither selected by --smtp-profile nor a channel.`, "mail"),
  ];
}

function expiring({ expires_time: end, own_authority: own }) {
  if (!end) return undefined;
  const days = Math.floor((Date.parse(end) - now()) / DAY);
  const what = own ? "The proxy's own certificate authority" : "The certificate";
  if (days < 0) return bad(`${what} ended on ${absolute(end)}: browsers refuse it.`, "server");
  return days < EXPIRES_SOON_DAYS ? warn(`${what} ends in ${days} days, on ${absolute(end)}.`, "server") : undefined;
}

function full(disk, what) {
  if (!disk || disk.free > disk.total * FULL_SHARE) return undefined;
  return warn(`The disk of ${what} is nearly full: ${bytes(disk.free)} of ${bytes(disk.total)} are free.`, "database");
}

/** The problems as a list, or that there are none. */
export function problemList(problems) {
  if (!problems.length) {
    return html`<div class="panel all-well"><span class="state mood-good">${icon("check-circle-fill")}All parts work.</span></div>`;
  }
  return html`<ul class="panel problems" aria-label="What is wrong">${problems.map(line)}</ul>`;
}

function line({ mood, text, target, detail, file }) {
  return html`<li class="problem mood-${mood}">
    ${icon(mood === "bad" ? "x-circle-fill" : "exclamation-triangle-fill")}
    <div><span class="visually-hidden">${mood === "bad" ? "Error: " : "Warning: "}</span>${text}
      ${file ? html`<div class="text-body-secondary">${file}</div>` : nothing}
      ${detail ? html`<details><summary>Where it came up</summary><pre tabindex="0" aria-label="Traceback">${detail}</pre></details>` : nothing}</div>
    ${target ? html`<a href="#${target}" class="problem-target" aria-label="To the part">${icon("arrow-down")}</a>` : nothing}
  </li>`;
}
