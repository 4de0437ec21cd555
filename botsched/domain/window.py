"""Maintenance windows: times in which jobs are not run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from botsched.domain.crontab import CrontabSchedule
from botsched.domain.kinds import Kind, seconds
from botsched.domain.moments import year_fault
from botsched.domain.once import OnceSchedule
from botsched.domain.schedule import Schedule
from botsched.domain.wallclock import WallClock, parse_timezone
from botsched.errors import InvalidError

MOST_WINDOWS: Final = 50
_NAME_LIMIT: Final = 100
_DURATION: Final = seconds(1, 31 * 86400)
_TICK: Final = timedelta(microseconds=1)

_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": _NAME_LIMIT},
        "timezone": {"type": ["string", "null"]},
        "crontab": {"type": "string"},
        "duration": _DURATION.schema,
        "from": {"type": "string"},
        "to": {"type": "string"},
    },
    "required": ["name"],
    "dependentRequired": {
        "crontab": ["duration"],
        "duration": ["crontab"],
        "from": ["to"],
        "to": ["from"],
    },
    "additionalProperties": False,
}

Times = tuple[datetime, datetime]
"""When a window begins, and when it has ended."""


@dataclass(frozen=True, slots=True)
class Window:
    """It begins at each instant of ``schedule`` and lasts, in real time, for ``duration``."""

    name: str
    schedule: Schedule
    duration: timedelta

    def times(self, first: datetime, last: datetime) -> Iterator[Times]:
        """When it was open between these two moments, in order."""
        start = self.schedule.next_after(first - self.duration)
        while start is not None and start <= last:
            yield start, start + self.duration
            start = self.schedule.next_after(start)

    def latest_times(self, first: datetime, last: datetime, most: int) -> list[Times]:
        """The latest of these, in order."""
        times = list(islice(self.times(first, last), most + 1))
        if len(times) > most:
            times = list(islice(self._times_back(first, last), most))[::-1]
        return times

    def _times_back(self, first: datetime, last: datetime) -> Iterator[Times]:
        since = first - self.duration + _TICK
        start = self.schedule.last_until(last, since)
        while start is not None:
            yield start, start + self.duration
            start = self.schedule.last_until(start - _TICK, since)


def windows_kind() -> Kind[tuple[Window, ...] | None]:
    """A list of windows, each an object as ``window_data`` gives it; an empty one is None."""
    schema = {"type": "array", "items": _SCHEMA, "maxItems": MOST_WINDOWS}
    return Kind(_read_all, lambda windows: list(map(window_data, windows or ())), _words, schema)


def window_data(window: Window) -> dict[str, Any]:
    """A window as JSON: ``crontab`` and ``duration``, or ``from`` and ``to``."""
    schedule, zone = window.schedule, window.schedule.timezone
    named = {"name": window.name, "timezone": zone.key}
    if isinstance(schedule, OnceSchedule):
        start = schedule.at.astimezone(zone)
        end = (schedule.at + window.duration).astimezone(zone)
        return named | {"from": start.isoformat(), "to": end.isoformat()}
    timing = schedule.to_data()
    return named | {"crontab": timing["crontab"], "duration": _DURATION.data(window.duration)}


def _read_all(value: Any) -> tuple[Window, ...] | None:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise TypeError("a list of objects or null")
    if len(value) > MOST_WINDOWS:
        raise ValueError(f"{len(value)} are too many; give at most {MOST_WINDOWS}")
    return tuple(_read(each, number) for number, each in enumerate(value, 1)) or None


def _read(data: Mapping[str, Any], number: int) -> Window:
    try:
        match data:
            case {"name": str(name), "crontab": str(text), "duration": duration, **others}:
                zone = _zone(others, "crontab and duration")
                schedule: Schedule = CrontabSchedule.of(text, zone)
                length = _duration(duration)
            case {"name": str(name), "from": str(start), "to": str(end), **others}:
                zone = _zone(others, "from and to")
                begin = _instant(start, zone)
                schedule, length = OnceSchedule(begin, zone), _instant(end, zone) - begin
            case _:
                raise ValueError(
                    "give name, crontab and duration in seconds, or name, from and to; timezone if "
                    "it is not UTC"
                )
    except (InvalidError, TypeError, ValueError) as fault:
        raise ValueError(f"window {number}: {fault}") from None
    if not 1 <= len(name.strip()) <= _NAME_LIMIT or not name.isprintable():
        raise ValueError(f"window {number}: give a name of 1 to {_NAME_LIMIT} characters")
    if length <= timedelta():
        raise ValueError(f"window {number}: it ends before it begins")
    return Window(name.strip(), schedule, length)


def _zone(others: Mapping[str, Any], form: str) -> ZoneInfo:
    zone = others.get("timezone")
    unknown = ", ".join(name for name in others if name != "timezone")
    if unknown or not isinstance(zone, str | None):
        does_not = f"does not go with {form}" if unknown else "is no text"
        raise ValueError(f"{unknown or 'timezone':.80} {does_not}")
    return parse_timezone(zone or "UTC")


def _duration(value: Any) -> timedelta:
    try:
        return _DURATION.read(value)
    except TypeError:
        raise ValueError("give duration as a number of seconds") from None
    except ValueError as fault:
        raise ValueError(f"duration: {fault}") from None


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r:.40} is no time; write for example 2027-01-31T18:30") from None
    if fault := year_fault(moment):
        raise ValueError(f"{text!r:.40} {fault}")
    return moment.astimezone(UTC) if moment.tzinfo else WallClock(zone).instant(moment)


def _words(windows: tuple[Window, ...] | None) -> str:
    return ", ".join(map(_in_words, windows or ())) or "none"


def _in_words(window: Window) -> str:
    said = window_data(window)
    if "crontab" in said:
        when = f"{said['crontab']}, {said['duration']} s"
    else:
        when = f"{said['from']} to {said['to']}"
    return f"{window.name!r} ({when}, {said['timezone']})"
