/** What is said of an execution in a few words. */

import { between, duration } from "../../time.js";
import { plain } from "./output/ansi.js";

const LATE_AFTER = 10; // seconds

/** Who or what asked for it: a user, the schedule, an attempt before it, another run. */
export function origin(run) {
  const by = run.user ? `by ${run.user}` : "";
  if (run.attempt > 1) return [`attempt ${run.attempt}`, by].filter(Boolean).join(", ");
  if (by) return by;
  if (run.caused_by) return "after another run";
  return run.due_time ? "by its schedule" : "";
}

/** Why it is in its state, unless that goes without saying. */
export function why({ cause, description }) {
  const isPlain = cause === "requested" || (cause === "due" && description === "Due.");
  return isPlain ? "" : plain(description);
}

/** How much later than its time it started, when that is worth telling. */
export function lateness(run) {
  const late = between(run.scheduled_time, run.started_time);
  return run.started_time && late >= LATE_AFTER ? `${duration(late)} late` : "";
}

/** Seconds that it took, or has taken so far; null when it did not start. */
export function seconds(run) {
  if (!run.started_time) return null;
  return run.ended_time ? run.duration : between(run.started_time);
}
