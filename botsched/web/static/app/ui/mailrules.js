/** Mail rules in words; the usual ways of being told are named. */

import { duration } from "../time.js";

/** By what a rule has its mails sent on: what `it` does then. */
export const OCCASIONS = {
  broken: "breaks: a bad run after a good one",
  still_failing: "still fails: a reminder now and then",
  recovered: "works again",
  failure: "fails, after the last attempt",
  timeout: "takes longer than its limit",
  lost: "is lost, as the server was gone",
  missed: "misses an instant",
  skipped: "skips an instant",
  output: "has printed something or given a report",
  success: "succeeds",
  changed: "succeeds, and its report is not what it was",
};

const SHORT = { ...OCCASIONS, broken: "breaks", failure: "fails", timeout: "takes too long", lost: "is lost", changed: "succeeds with another report than before" };

/** What people want most often, each as what a rule is `on`. */
export const WAYS = [
  { words: "when it breaks, a reminder a day, when it works again", on: ["broken", "still_failing", "recovered"] },
  { words: "each time it fails", on: ["failure", "timeout", "lost"] },
  { words: "each time it fails, and when it works again", on: ["failure", "timeout", "lost", "recovered"] },
  { words: "each time it has printed something, or fails", on: ["output", "failure", "timeout", "lost"] },
  { words: "each time it succeeds", on: ["success"] },
  { words: "when its report changes, and when it breaks", on: ["changed", "broken"] },
];

const DAY = 86400;
const OFTEN = { 3600: "once an hour", [DAY]: "once a day", [7 * DAY]: "once a week" };
const BAD = ["broken", "still_failing", "failure", "timeout", "lost"];

/** All rules, each as a sentence; what the server says is told by `rules` of it. */
export function rulesInWords(rules) {
  return rules.map(ruleInWords);
}

/** "when it breaks or works again, and once a day while it still fails; to ops@example.com". */
export function ruleInWords(rule) {
  return [occasions(rule), counted(rule), whom(rule), held(rule)].filter(Boolean).join("; ");
}

/** Why a mail is sent, of what is recorded with it: "it still fails, 6 bad runs in a row". */
export function reasonInWords({ occasions: on, failures }, isGood) {
  const row = failures > 1 ? `, ${isGood ? "after " : ""}${failures} bad runs in a row` : "";
  return `it ${either(on.map((each) => (each === "still_failing" ? "still fails" : (SHORT[each] ?? each))))}${row}`;
}

function occasions({ on, every }) {
  const ends = on.filter((each) => each !== "still_failing").map((each) => SHORT[each] ?? each);
  const said = ends.length ? `when it ${either(ends)}` : "";
  const reminder = on.includes("still_failing") ? `${often(every)} while it still fails` : "";
  return [said, reminder].filter(Boolean).join(", and ");
}

/** A usual way in words, for a rule that reminds so often. */
export function wayInWords({ words }, every) {
  return (every ?? DAY) === DAY ? words : words.replace("a reminder a day", `a reminder ${often(every)}`);
}

/** How often somebody is reminded; null for the usual. */
export function often(every) {
  return OFTEN[every ?? DAY] ?? `every ${duration(every)}`;
}

function counted({ on, after, rate }) {
  if (!on.some((each) => BAD.includes(each)) || ((after ?? 1) <= 1 && !rate)) return "";
  const row = (after ?? 1) > 1 ? [`after ${after} bad runs in a row`] : [];
  return [...row, ...(rate ? [`when ${rate.failures} of the last ${rate.of} runs were bad`] : [])].join(", or ");
}

function whom({ to, profiles }) {
  return [to ? `to ${to.join(", ")}` : "", profiles ? `through ${profiles.join(", ")}` : ""].filter(Boolean).join(" ");
}

function held({ quiet, most_a_day: most }) {
  const quietly = quiet?.length ? `held during ${quiet.map(({ name }) => name).join(", ")}` : "at any hour";
  const many = most === 0 ? "all in the digest" : `at most ${most} a day`;
  return [quiet ? quietly : "", most === null || most === undefined ? "" : many].filter(Boolean).join("; ");
}

function either(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
