"""What pickles of APScheduler's jobs name, and the times and triggers that they stand for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from botsched.domain.cron import FIELDS, MONTHS, WEEKDAYS, effective_fields
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError
from botsched.moving.ndscheduler.pickles import (
    ZONE_BY_KEY,
    Known,
    Made,
    Name,
    RefusedError,
)
from botsched.moving.ndscheduler.plain import text_of, whole
from botsched.scheduling.timing import Timing

_CRON: Final = Name("apscheduler.triggers.cron", "CronTrigger")
_INTERVAL: Final = Name("apscheduler.triggers.interval", "IntervalTrigger")
_DATE: Final = Name("apscheduler.triggers.date", "DateTrigger")
_OR: Final = Name("apscheduler.triggers.combining", "OrTrigger")
_FIELD_CLASSES: Final = (
    *("BaseField", "MonthField", "WeekField", "DayOfMonthField", "DayOfWeekField"),
)
_EXPRESSIONS: Final = (
    *("AllExpression", "RangeExpression", "MonthRangeExpression", "WeekdayRangeExpression"),
    *("WeekdayPositionExpression", "LastDayOfMonthExpression"),
)
_DATETIME: Final = Name("datetime", "datetime")
_TIMEDELTA: Final = Name("datetime", "timedelta")
_FIXED: Final = Name("datetime", "timezone")
_PYTZ_UTC: Final = Name("pytz", "_UTC")
_PYTZ: Final = Name("pytz", "_p")
_PYTZ_FIXED: Final = Name("pytz", "FixedOffset")
_DATEUTIL_UTC: Final = Name("dateutil.tz.tz", "tzutc")

KNOWN: Final = Known(
    classes=frozenset(
        {
            *(_CRON, _INTERVAL, _DATE, _OR, _DATEUTIL_UTC),
            Name("apscheduler.triggers.combining", "AndTrigger"),
            Name("apscheduler.triggers.calendarinterval", "CalendarIntervalTrigger"),
            *(Name("apscheduler.triggers.cron.fields", name) for name in _FIELD_CLASSES),
            *(Name("apscheduler.triggers.cron.expressions", name) for name in _EXPRESSIONS),
        }
    ),
    calls=frozenset(
        {
            *(_DATETIME, _TIMEDELTA, _FIXED, Name("datetime", "date"), Name("datetime", "time")),
            *(_PYTZ_UTC, _PYTZ, _PYTZ_FIXED),
        }
    ),
)

_POSITIONS: Final = ("1st", "2nd", "3rd", "4th", "5th", "last")
_MOST_MEMBERS: Final = 100
_UNITS: Final = (("hours", 3600), ("minutes", 60), ("seconds", 1))


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone as a pickle names it; ``key`` is None when it is only an offset."""

    key: str | None
    offset: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a job is due; ``bounds`` as those of drafts."""

    timing: Timing
    zone: Zone | None = None
    bounds: Mapping[str, Any] = field(default_factory=dict)


def trigger_of(value: Any, depth: int = 0) -> Trigger:
    """What a pickled trigger says. Raises RefusedError."""
    if not isinstance(value, Made) or value.state is None:
        raise RefusedError("its trigger is none that APScheduler makes")
    state = value.state
    if value.by == _CRON:
        return Trigger(Timing(cron=_cron_fields(state)), zone_of(state), _bounds(state))
    if value.by == _INTERVAL:
        return _interval(state)
    if value.by == _DATE:
        return Trigger(Timing(at=instant_of(state.get("run_date"))))
    if value.by == _OR and depth == 0:
        return _either(state)
    raise RefusedError(
        f"its trigger is a {value.by.name}, for which there is no schedule here that does the same"
    )


def zone_of(state: Mapping[str, Any]) -> Zone | None:
    """The time zone of a trigger; None when it has none. Raises RefusedError."""
    value = state.get("timezone")
    return None if value is None else _zone(value)


def instant_of(value: Any) -> datetime:
    """The instant of a pickled date and time, which has an offset. Raises RefusedError."""
    if not isinstance(value, Made) or value.by != _DATETIME or len(value.arguments) != 2:
        raise RefusedError("it has something else where a date with a time zone belongs")
    raw, zone = value.arguments[0], _zone(value.arguments[1])
    if isinstance(raw, str):  # as Python 3 reads what Python 2 wrote
        raw = raw.encode("latin-1", "replace")
    if not isinstance(raw, bytes) or len(raw) != 10:
        raise RefusedError("it has a date that is damaged")
    try:
        wall = datetime(
            raw[0] * 256 + raw[1], raw[2] & 0x7F, raw[3], raw[4], raw[5], raw[6],
            int.from_bytes(raw[7:]), fold=raw[2] >> 7,
        )  # fmt: skip
        if zone.offset is not None:
            return wall.replace(tzinfo=timezone(zone.offset)).astimezone(UTC)
        return wall.replace(tzinfo=parse_timezone(zone.key or "")).astimezone(UTC)
    except (ValueError, OverflowError, InvalidError):
        raise RefusedError("it has a date that there is not") from None


def _zone(value: Any) -> Zone:
    if isinstance(value, Made):
        match value.by, value.arguments:
            case by, () if by in {_PYTZ_UTC, _DATEUTIL_UTC}:
                return Zone("UTC", timedelta())
            case by, (key,) if by in {_PYTZ, ZONE_BY_KEY}:
                return Zone(text_of(key))
            case by, (key, int()) if by == ZONE_BY_KEY:
                return Zone(text_of(key))
            case by, (key, offset, *_) if by == _PYTZ:
                return Zone(text_of(key), timedelta(seconds=whole(offset, -86399, 86399)))
            case by, (minutes,) if by == _PYTZ_FIXED:
                return _fixed(timedelta(minutes=whole(minutes, -1439, 1439)))
            case by, (offset, *_) if by == _FIXED:
                return _fixed(_timedelta(offset))
    raise RefusedError("it has a time zone of a kind that is not known")


def _fixed(offset: timedelta) -> Zone:
    if abs(offset) >= timedelta(days=1):
        raise RefusedError("it has a time zone of a day or more")
    return Zone(None if offset else "UTC", offset)


def _timedelta(value: Any) -> timedelta:
    if not isinstance(value, Made) or value.by != _TIMEDELTA or len(value.arguments) != 3:
        raise RefusedError("it has something else where a duration belongs")
    days, seconds, micros = value.arguments
    return timedelta(whole(days, -36525, 36525), whole(seconds, 0, 86399), whole(micros, 0, 999999))


def _bounds(state: Mapping[str, Any]) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    for name, key in (("start", "start_date"), ("end", "end_date")):
        if state.get(key) is not None:
            bounds[name] = instant_of(state[key])
    jitter = state.get("jitter")
    if jitter is not None and jitter != 0:
        bounds["jitter"] = whole(jitter, 1, 86400)
    return bounds


def _interval(state: Mapping[str, Any]) -> Trigger:
    length, bounds = _timedelta(state.get("interval")), _bounds(state)
    if length.microseconds or length < timedelta(seconds=1):
        raise RefusedError("its interval is not of whole seconds, of which schedules are here")
    seconds = length // timedelta(seconds=1)
    unit, size = next(each for each in _UNITS if seconds % each[1] == 0)
    if "start" in bounds:  # schedules are of whole seconds
        bounds["start"] = bounds["start"].replace(microsecond=0)
    timing = Timing(every=(seconds // size, unit), anchor=bounds.get("start"))
    return Trigger(timing, zone_of(state), bounds)


def _either(state: Mapping[str, Any]) -> Trigger:
    members = state.get("triggers")
    if not isinstance(members, list) or not 1 <= len(members) <= _MOST_MEMBERS:
        raise RefusedError("its trigger consists of none, or of too many")
    parts = [trigger_of(_member(each), 1) for each in members]
    first = parts[0]
    if any((part.zone, part.bounds) != (first.zone, first.bounds) for part in parts):
        raise RefusedError(
            "its trigger consists of several with time zones or dates of their own, "
            "and the schedules of a job share theirs"
        )
    return Trigger(Timing(schedules=tuple(p.timing for p in parts)), first.zone, first.bounds)


def _member(value: Any) -> Made:
    """One of several triggers, which are kept as the path of a class and its attributes."""
    if not isinstance(value, tuple) or len(value) != 2 or not isinstance(value[1], dict):
        raise RefusedError("its trigger consists of something that is no trigger")
    module, _, name = text_of(value[0]).partition(":")
    return Made(Name(module, name), state=value[1])


def _cron_fields(state: Mapping[str, Any]) -> dict[str, str]:
    """The fields that were given, or all where those alone would mean something else."""
    members = state.get("fields")
    if not isinstance(members, list | tuple) or len(members) != len(FIELDS):
        raise RefusedError(f"its cron trigger has not the {len(FIELDS)} fields of APScheduler")
    every: dict[str, str] = {}
    given: dict[str, str] = {}
    for name, member in zip(FIELDS, members, strict=True):
        if not isinstance(member, Made) or member.state is None:
            raise RefusedError("its cron trigger has a field that is none")
        if text_of(member.state.get("name")) != name:
            raise RefusedError("its cron trigger has its fields in another order")
        every[name] = _expressions(member.state.get("expressions"))
        if member.state.get("is_default") is not True:
            given[name] = every[name]
    return given if given and effective_fields(given) == every else every


def _expressions(value: Any) -> str:
    if not isinstance(value, list) or not 1 <= len(value) <= _MOST_MEMBERS:
        raise RefusedError("its cron trigger has a field of none, or of too many expressions")
    return ",".join(_expression(each) for each in value)


def _expression(value: Any) -> str:
    if not isinstance(value, Made):
        raise RefusedError("its cron trigger has an expression that is none")
    state = value.state or {}
    match value.by.name:
        case "AllExpression":
            return f"*{_step(state)}"
        case "RangeExpression":
            return _range(state, str, 0, 9999)
        case "MonthRangeExpression":
            return _range(state, _month, 1, 12)
        case "WeekdayRangeExpression":
            return _range(state, _weekday, 0, 6)
        case "WeekdayPositionExpression":
            position = _POSITIONS[whole(state.get("option_num"), 0, 5)]
            return f"{position} {_weekday(whole(state.get('weekday'), 0, 6))}"
        case "LastDayOfMonthExpression":
            return "last"
    raise RefusedError(f"its cron trigger has a {value.by.name}, which is no expression")


def _range(state: Mapping[str, Any], word: Callable[[int], str], low: int, high: int) -> str:
    first, last = whole(state.get("first"), low, high), state.get("last")
    if last is None:  # to the highest there is, in steps
        return word(first) + _step(state)
    if last == first:
        return word(first)
    return f"{word(first)}-{word(whole(last, low, high))}{_step(state)}"


def _step(state: Mapping[str, Any]) -> str:
    step = state.get("step")
    return "" if step is None else f"/{whole(step, 1, 9999)}"


def _month(number: int) -> str:
    return MONTHS[number - 1][:3].lower()


def _weekday(number: int) -> str:
    return WEEKDAYS[number][:3].lower()
