/** What stands around an execution: attempts, what it follows, what follows it, its neighbours. */

import { html, nothing } from "../../lib.js";
import { absolute } from "../../time.js";
import { icon } from "../../ui/icon.js";
import { stateBadge } from "../../ui/state.js";

/** Links to the executions of the same job before and behind this one. */
export function neighbours({ previous, next }) {
  return html`<span class="btn-group btn-group-sm" role="group" aria-label="Executions of this job">
    ${step(previous, "Previous", "chevron-left")}${step(next, "Next", "chevron-right")}
  </span>`;
}

function step(run, label, iconName) {
  const words = iconName === "chevron-left" ? html`${icon(iconName)} ${label}` : html`${label} ${icon(iconName)}`;
  if (!run) return html`<span class="btn btn-outline-secondary disabled" aria-disabled="true">${words}</span>`;
  const title = `${run.state}, ${absolute(run.scheduled_time)}`;
  return html`<a class="btn btn-outline-secondary" href="/executions/${run.execution_id}" title=${title}>${words}</a>`;
}

/** The chain that this execution is part of. */
export function chain(run) {
  const parts = [
    [run.follows, "Follows", () => link(run.follows, run.follows.job_name)],
    [run.attempts.length, "Attempts", () => run.attempts.map((each) => attempt(each, run))],
    [run.followed_by.length, "Then ran", () => run.followed_by.map((each) => link(each, each.job_name))],
  ];
  const shown = parts.filter(([has]) => has);
  if (!shown.length) return nothing;
  return html`<dl class="run-facts run-chain">${shown.map(([, term, value]) => html`<div><dt>${term}</dt><dd>${value()}</dd></div>`)}</dl>`;
}

function attempt(each, run) {
  if (each.execution_id === run.execution_id) return html`<span class="run-link" aria-current="true">${each.attempt} ${stateBadge(each.state)}</span>`;
  return link(each, each.attempt);
}

function link(run, words) {
  return html`<a class="run-link" href="/executions/${run.execution_id}">${words} ${stateBadge(run.state)}</a>`;
}
