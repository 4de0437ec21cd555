/**
 * Editors of common schedules, all written as a line of a crontab (or cron fields, for the last day).
 *
 * An editor has `label`, `initial()` values, `read(timing)` of the keys of the REST API (undefined
 * when it cannot show them), `write(values)` back to keys, and `content(form, values, key)`.
 */

import { html } from "../../../lib.js";
import { check, select, textInput } from "../fields/common.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const STEPS = [1, 2, 5, 10, 15, 20, 30];

export const often = {
  label: "Every few minutes, or every hour",
  initial: () => ({ step: "5", minute: "0" }),
  read({ crontab }) {
    const [, step] = /^\*\/(\d+) \* \* \* \*$/.exec(crontab) ?? (/^\* \* \* \* \*$/.test(crontab) ? ["", "1"] : []);
    if (STEPS.includes(Number(step))) return { step, minute: "0" };
    const [, minute] = /^(\d+) \* \* \* \*$/.exec(crontab) ?? [];
    return minute && { step: "hour", minute };
  },
  write: ({ step, minute }) => ({ crontab: `${step === "hour" ? minute : step === "1" ? "*" : `*/${step}`} * * * *` }),
  content(form, values, key) {
    const choices = [...STEPS.map((each) => [String(each), each === 1 ? "every minute" : `every ${each} minutes`]), ["hour", "every hour"]];
    return html`${select(form, { key: `${key}crontab`, label: "How often", value: values.step, choices, set: (step) => (values.step = step) })}
      ${values.step === "hour" ? textInput(form, { key: `${key}minute`, label: "At minute", type: "number", min: 0, max: 59,
        value: values.minute, set: (minute) => (values.minute = minute) }) : ""}`;
  },
};

export const daily = {
  label: "Every day",
  initial: () => ({ time: "03:00" }),
  read({ crontab }) {
    const [, minute, hour] = /^(\d+) (\d+) \* \* \*$/.exec(crontab) ?? [];
    return minute && { time: clock(hour, minute) };
  },
  write: ({ time }) => ({ crontab: `${cronTime(time)} * * *` }),
  content: (form, values, key) => timeInput(form, values, `${key}crontab`),
};

export const weekly = {
  label: "On days of the week",
  initial: () => ({ time: "03:00", days: ["mon"] }),
  read({ crontab }) {
    const [, minute, hour, list] = /^(\d+) (\d+) \* \* ([a-z,-]+)$/.exec(crontab) ?? [];
    const days = list === "mon-fri" ? DAYS.slice(0, 5) : list?.split(",");
    return days?.every((day) => DAYS.includes(day)) ? { time: clock(hour, minute), days } : undefined;
  },
  write: ({ time, days }) => ({ crontab: `${cronTime(time)} * * ${daysText(days)}` }),
  content(form, values, key) {
    const toggle = (day, on) => (values.days = DAYS.filter((each) => (each === day ? on : values.days.includes(each))));
    return html`${timeInput(form, values, `${key}crontab`)}
      <fieldset class="form-field is-wide"><legend class="form-label">On</legend><div class="weekdays">
        ${DAYS.map((day, index) => check(form, { key: `${key}${day}`, label: DAY_NAMES[index], value: values.days.includes(day), set: (on) => toggle(day, on) }))}
      </div></fieldset>`;
  },
};

export const monthly = {
  label: "On a day of the month",
  initial: () => ({ time: "03:00", day: "1" }),
  read({ crontab, day, hour, minute, ...others }) {
    const [, m, h, d] = /^(\d+) (\d+) (\d+) \* \*$/.exec(crontab) ?? [];
    if (m) return { time: clock(h, m), day: d };
    const plain = /^\d+$/.test(hour) && /^\d+$/.test(minute) && ["year", "month", "week", "day_of_week"].every((name) => (others[name] ?? "*") === "*");
    return day === "last" && plain && ["0", undefined].includes(others.second) ? { time: clock(hour, minute), day } : undefined;
  },
  write({ time, day }) {
    const [hour, minute] = time.split(":").map(Number);
    return day === "last" ? { day, hour: String(hour), minute: String(minute) } : { crontab: `${cronTime(time)} ${day} * *` };
  },
  content(form, values, key) {
    const choices = [...Array.from({ length: 31 }, (_, index) => [String(index + 1), String(index + 1)]), ["last", "the last day"]];
    return html`${timeInput(form, values, `${key}crontab`)}
      ${select(form, { key: `${key}day`, label: "On day", value: values.day, choices, set: (day) => (values.day = day),
        hint: values.day > 28 && values.day !== "last" ? "not in every month; see the instants below" : "" })}`;
  },
};

function timeInput(form, values, key) {
  return textInput(form, { key, label: "At", type: "time", value: values.time, set: (time) => (values.time = time) });
}

function clock(hour, minute) {
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

function cronTime(time) {
  const [hour, minute] = time.split(":").map(Number);
  return time ? `${minute} ${hour}` : "";
}

/** Without any day there is no crontab, and the server says so. */
function daysText(days) {
  return days.join(",") === "mon,tue,wed,thu,fri" ? "mon-fri" : days.join(",");
}
