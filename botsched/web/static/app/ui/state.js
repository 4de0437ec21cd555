/** The states of executions: a word, a shape and a colour for each. */

import { html } from "../lib.js";
import { icon } from "./icon.js";

/** By state: the mood that colours it, and its icon. */
export const STATES = {
  scheduled: { mood: "quiet", icon: "clock" },
  running: { mood: "busy", icon: "play-circle-fill" },
  stopping: { mood: "busy", icon: "stop-circle" },
  stopped: { mood: "quiet", icon: "slash-circle" },
  succeeded: { mood: "good", icon: "check-circle-fill" },
  failed: { mood: "bad", icon: "x-circle-fill" },
  timeout: { mood: "bad", icon: "hourglass-split" },
  "scheduled error": { mood: "bad", icon: "exclamation-octagon-fill" },
  lost: { mood: "bad", icon: "question-diamond-fill" },
  missed: { mood: "warn", icon: "dash-circle" },
  skipped: { mood: "quiet", icon: "skip-end-fill" },
};

/** The mood of a state: good, bad, warn, busy or quiet. */
export function moodOf(state) {
  return STATES[state]?.mood ?? "quiet";
}

/** A state as a badge: icon and word. */
export function stateBadge(state) {
  return html`<span class="state mood-${moodOf(state)}">${icon(STATES[state]?.icon ?? "question-circle")}${state}</span>`;
}
