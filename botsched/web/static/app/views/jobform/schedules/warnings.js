/** What is strange about a schedule, as sentences. */

import { duration } from "../../../time.js";

/** `next`: instants as the server tells them; `median`: how long runs usually take, in seconds. */
export function warnings(next, { draft, median }) {
  return [...(next.length ? [] : ["It is never due."]), ...changesOfTheClock(next), ...bothDays(draft.forms), ...tooOften(next, { draft, median })];
}

/** Those behind the instants that are shown; they have their remarks beside them. */
function changesOfTheClock(next) {
  const later = next.slice(10).find(({ remark }) => remark);
  return later ? [`On ${later.local.slice(0, 10)}: ${later.remark}`] : [];
}

function bothDays(forms) {
  return forms.flatMap((form) => {
    const { crontab, day, day_of_week: weekday } = form.written();
    const [, , monthday, , inLine] = crontab?.trim().split(/\s+/) ?? [];
    if (inLine && !monthday.startsWith("*") && !inLine.startsWith("*")) {
      return ["Day of month and day of week are both given: it is due when either matches."];
    }
    const isGiven = (value) => value && value !== "*";
    return isGiven(day) && isGiven(weekday) ? ["Day and day of week are both given: it is due only when both match."] : [];
  });
}

function tooOften(next, { draft, median }) {
  const moments = next.map(({ utc }) => Date.parse(utc) / 1000);
  const gap = Math.min(...moments.slice(1).map((moment, index) => moment - moments[index]));
  if (!median || !(gap < median)) return [];
  return [`Its runs usually take ${duration(median)}, and it is due again after ${duration(gap)}: ${meanwhile(draft.rules.overlap)}.`];
}

function meanwhile(overlap) {
  if (overlap === "skip") return "what comes meanwhile is skipped";
  if (overlap?.queue) return "what comes meanwhile waits, and the queue fills up";
  return "runs overlap, up to the limit, and further ones are skipped";
}
