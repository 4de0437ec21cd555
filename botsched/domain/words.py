"""A schedule in words, in one line."""

from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from botsched.domain.cron import compile_fields
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.crontab import CrontabSchedule
from botsched.domain.cronwords import clock, cron_in_words
from botsched.domain.ecs import EcsSchedule
from botsched.domain.forms import Form
from botsched.domain.interval import IntervalSchedule
from botsched.domain.once import OnceSchedule
from botsched.domain.schedule import Schedule, bounds_of, forms_of
from botsched.domain.timetable import Bounds


def in_words(schedule: Schedule) -> str:
    """When it is due, its time zone, its bounds and its jitter."""
    said = "; ".join(map(_form, forms_of(schedule)))
    return f"{said} ({schedule.timezone.key}){_bounds(bounds_of(schedule), schedule.timezone)}"


def _form(form: Form) -> str:
    match form:
        case CronSchedule():
            return _cron(form) or ", ".join(f"{name} {value}" for name, value in form.fields)
        case CrontabSchedule():
            return _cron(*form.parts) or form.text
        case EcsSchedule():
            return _cron(form.cron) or form.text
        case IntervalSchedule():
            return _interval(form)
        case OnceSchedule():
            return f"once, at {_local(form.at, form.timezone)}"
        case _:
            assert_never(form)


def _cron(*either: CronSchedule) -> str | None:
    return cron_in_words([compile_fields(schedule.fields) for schedule in either])


def _interval(schedule: IntervalSchedule) -> str:
    unit = schedule.unit.removesuffix("s") if schedule.number == 1 else schedule.unit
    said = f"every {unit}" if schedule.number == 1 else f"every {schedule.number} {unit}"
    if schedule.unit != "days":
        return said
    local = schedule.anchor.astimezone(schedule.timezone)
    return f"{said} at {clock(local.hour, local.minute, local.second)}"


def _bounds(bounds: Bounds, timezone: ZoneInfo) -> str:
    said = ""
    if bounds.start is not None:
        said += f", from {_local(bounds.start, timezone)}"
    if bounds.end is not None:
        said += f", until {_local(bounds.end, timezone)}"
    if bounds.jitter:
        said += f", each up to {bounds.jitter} s later"
    return said


def _local(instant: datetime, timezone: ZoneInfo) -> str:
    return f"{instant.astimezone(timezone):%Y-%m-%d %H:%M:%S}"
