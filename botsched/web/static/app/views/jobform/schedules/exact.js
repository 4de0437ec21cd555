/** Editors of schedules in each form that the REST API has; as those in simple.js. */

import { html } from "../../../lib.js";
import { select, textInput } from "../fields/common.js";
import { localIn } from "./moments.js";

export const FIELDS = ["year", "month", "day", "week", "day_of_week", "hour", "minute", "second"];
const HINTS = { day_of_week: "mon-fri, or 0 (Monday) to 6", day: "1-31, last, 2nd fri", week: "1-53" };
const UNITS = ["seconds", "minutes", "hours", "days"];

export const crontab = {
  label: "Line of a crontab",
  initial: () => ({ crontab: "" }),
  read: ({ crontab: text }) => (text ? { crontab: text } : undefined),
  write: ({ crontab: text }) => ({ crontab: text }),
  content: (form, values, key) => textInput(form, {
    key: `${key}crontab`, label: "Minute, hour, day of month, month, day of week", value: values.crontab, placeholder: "30 2 * * mon-fri",
    code: true, required: true, wide: true, hint: "as crontab(5) has it: 0 and 7 are Sunday; or @daily and its like",
    set: (text) => (values.crontab = text),
  }),
};

export const fields = {
  label: "Eight cron fields",
  initial: () => ({}),
  read: (timing) => (FIELDS.some((name) => timing[name]) ? Object.fromEntries(FIELDS.map((name) => [name, timing[name] ?? ""])) : undefined),
  write: (values) => Object.fromEntries(FIELDS.filter((name) => values[name]).map((name) => [name, values[name]])),
  content: (form, values, key) => FIELDS.map((name) => textInput(form, {
    key: key + name, label: name.replaceAll("_", " "), value: values[name], code: true, hint: HINTS[name] ?? "",
    set: (text) => (values[name] = text.trim()),
  })),
};

export const ecs = {
  label: "Fields of ECS Scheduler",
  initial: () => ({ ecs: "" }),
  read: ({ ecs: text }) => (text ? { ecs: text } : undefined),
  write: ({ ecs: text }) => ({ ecs: text }),
  content: (form, values, key) => textInput(form, {
    key: `${key}ecs`, label: "Second, minute, hour, day of week, week, day, month, year", value: values.ecs, placeholder: "0 15 2 * * 2nd_fri",
    code: true, required: true, wide: true, hint: "the right ones may be left off; ? in the first three is drawn once",
    set: (text) => (values.ecs = text),
  }),
};

export const interval = {
  label: "Every so often, counted from an instant",
  initial: () => ({ number: "90", unit: "minutes", anchor: "" }),
  read({ every, anchor }, zone) {
    const [[unit, number]] = every ? Object.entries(every) : [[]];
    return unit && { unit, number: String(number), anchor: localIn(anchor, zone) };
  },
  write: ({ number, unit, anchor }) => ({ every: { [unit]: Number(number) }, ...(anchor ? { anchor } : {}) }),
  content: (form, values, key) => html`
    ${textInput(form, { key: `${key}every`, label: "Every", type: "number", min: 1, step: 1, value: values.number, set: (text) => (values.number = text) })}
    ${select(form, { key: `${key}unit`, label: "Unit", value: values.unit, choices: UNITS.map((each) => [each, each]), set: (unit) => (values.unit = unit) })}
    ${textInput(form, { key: `${key}anchor`, label: "Counted from", type: "datetime-local", step: 1, value: values.anchor,
      hint: "on the clock of the time zone; empty: from now", set: (text) => (values.anchor = text) })}`,
};

export const once = {
  label: "Once",
  initial: () => ({ at: "" }),
  read: ({ at }, zone) => (at ? { at: localIn(at, zone) } : undefined),
  write: ({ at }) => ({ at }),
  content: (form, values, key) => textInput(form, {
    key: `${key}at`, label: "At", type: "datetime-local", step: 1, value: values.at, required: true,
    hint: "on the clock of the time zone", set: (text) => (values.at = text),
  }),
};
