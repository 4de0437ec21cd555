"""Schedules as JSON, and the keys of a body that say one."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from botsched.domain import kinds
from botsched.domain.cron import FIELDS
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.forms import Form
from botsched.domain.interval import UNITS
from botsched.domain.schedule import Schedule, bounds_of, forms_of
from botsched.domain.timetable import LONGEST_JITTER, MOST_SCHEDULES
from botsched.domain.words import in_words
from botsched.scheduling.schedules import Wanted
from botsched.scheduling.timing import Timing, timing_of
from botsched.scheduling.trigger import Trigger, trigger_of
from botsched.web.body import Fields
from botsched.web.errors import MalformedError
from botsched.web.formats.times import time_text

_NOTHING: Final = Timing()
_CRON, _INTERVAL = "cron", "interval"
_SECONDS: Final = kinds.whole(1, 3660 * 86400)
_BOUNDS: Final = {"start": "start_date", "end": "end_date", "jitter": "jitter"}


def cron_data(schedule: Schedule | None) -> Mapping[str, str | None]:
    """All eight cron fields: null when the schedule is of another form, empty without one."""
    forms = () if schedule is None else forms_of(schedule)
    if len(forms) == 1 and isinstance(forms[0], CronSchedule):
        return forms[0].effective
    return dict.fromkeys(FIELDS, "" if schedule is None else None)


def schedule_data(schedule: Schedule) -> dict[str, Any]:
    """A schedule in all its keys, null where they are not meant, and in words."""
    timing = timing_of(schedule)
    several = timing.schedules
    bounds = bounds_of(schedule)
    return {
        **cron_data(schedule),
        "timezone": schedule.timezone.key,
        **_form_data(timing),
        **trigger_data(schedule),
        "schedules": None if several is None else [_given(form) for form in forms_of(schedule)],
        "start_date": time_text(bounds.start),
        "end_date": time_text(bounds.end),
        "jitter": bounds.jitter,
        "schedule": in_words(schedule),
    }


def trigger_data(schedule: Schedule | None) -> dict[str, Any]:
    """The same as ndscheduler's later versions say it: null where they cannot, or without one."""
    trigger = None if schedule is None else trigger_of(forms_of(schedule))
    if trigger is None:
        return {"trigger": None, "trigger_params": None}
    if trigger.cron is not None:
        return {"trigger": _CRON, "trigger_params": trigger.cron}
    return {"trigger": _INTERVAL, "trigger_params": {_INTERVAL: trigger.interval}}


def read_wanted(fields: Fields) -> Wanted:
    """What a body says of a schedule; null, as some clients send, is the same as nothing.

    But for the bounds: there it takes them away.
    """
    timing = _timing(fields, several=True)
    timezone = fields.text("timezone", nullable=True)
    read = {
        "start": fields.moment("start_date"),
        "end": fields.moment("end_date"),
        "jitter": fields.value("jitter", kinds.whole(0, LONGEST_JITTER)) or 0,
    }
    bounds = {name: value for name, value in read.items() if fields.has(_BOUNDS[name])}
    return Wanted(timing, timezone, bounds, _trigger(fields))


def required_timing(wanted: Wanted) -> Timing:
    """The schedule of a body that needs one. Raises MalformedError."""
    if wanted.timing is not None:
        return wanted.timing
    if wanted.trigger is not None:
        return wanted.trigger.timing()
    forms = f"give at least one of {', '.join(FIELDS)}, or crontab, ecs, every, at, schedules"
    raise MalformedError.of({"schedule": f"missing; {forms}"})


def _given(form: Form) -> dict[str, Any]:
    """One of several schedules, by the keys that it needs."""
    timing = timing_of(form)
    data = {**(timing.cron or {}), **_form_data(timing)}
    return {name: value for name, value in data.items() if value is not None}


def _form_data(timing: Timing) -> dict[str, Any]:
    """The forms other than cron fields."""
    return {
        "crontab": timing.crontab,
        "ecs": timing.ecs,
        "every": None if timing.every is None else {timing.every[1]: timing.every[0]},
        "anchor": time_text(timing.anchor),
        "at": time_text(timing.at),
    }


def _timing(fields: Fields, *, several: bool) -> Timing | None:
    """The schedule that is given; None when there is none."""
    timing = Timing(
        cron=fields.cron(FIELDS) or None,
        crontab=fields.text("crontab", nullable=True) or None,
        ecs=fields.text("ecs", nullable=True) or None,
        every=_every(fields),
        anchor=fields.moment("anchor"),
        at=fields.moment("at"),
        schedules=_several(fields) if several else None,
    )
    return None if timing == _NOTHING else timing


def _trigger(fields: Fields) -> Trigger | None:
    """A trigger and its parameters; None without them."""
    kind = fields.text("trigger", nullable=True)
    if kind not in (None, _CRON, _INTERVAL):
        fields.refuse("trigger", f"{kind!r:.40} is unknown; give {_CRON} or {_INTERVAL}")
        kind = None
    reads: Callable[[Fields], Trigger] = _interval if kind == _INTERVAL else _cron
    trigger = fields.inner("trigger_params", reads)
    if trigger is None and kind is not None:
        fields.refuse("trigger_params", "missing; trigger says of what kind they are")
    if trigger == Trigger(cron={}):
        fields.refuse("trigger_params", f"give at least one of {', '.join(FIELDS)}")
    return trigger


def _cron(params: Fields) -> Trigger:
    return Trigger(cron=params.cron(FIELDS))


def _interval(params: Fields) -> Trigger:
    return Trigger(interval=params.value(_INTERVAL, _SECONDS, required=True))


def _several(fields: Fields) -> tuple[Timing, ...] | None:
    """A list of schedules, each in an object of its own."""
    read = fields.objects("schedules", MOST_SCHEDULES, lambda each: _timing(each, several=False))
    return None if read is None else tuple(timing or _NOTHING for timing in read)


def _every(fields: Fields) -> tuple[int, str] | None:
    """An object with one unit and its number."""
    members = fields.members("every", UNITS)
    if members is None:
        return None
    if len(members) != 1:
        fields.refuse("every", f"give one of {', '.join(UNITS)} with its number")
        return None
    [(unit, number)] = members.items()
    return number, unit
