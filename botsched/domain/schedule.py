"""When a job is due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.crontab import CrontabSchedule
from botsched.domain.forms import form_from_data
from botsched.domain.interval import IntervalSchedule
from botsched.domain.once import OnceSchedule
from botsched.domain.timetable import timetable_from_data


class Schedule(Protocol):
    """Any rule that says at which instants a job is due. Instants are aware, in UTC."""

    @property
    def timezone(self) -> ZoneInfo:
        """Whose clock it goes by."""

    def next_after(self, instant: datetime) -> datetime | None:
        """The first due instant later than this one; None when there is none."""

    def last_until(self, instant: datetime, since: datetime) -> datetime | None:
        """The last due instant not later than ``instant`` nor earlier than ``since``."""

    def count(self, first: datetime, last: datetime) -> int:
        """How many due instants lie from ``first`` to ``last``, both included."""

    def skipped_at(self, due: datetime) -> datetime | None:
        """The first local time that this due instant stands for because the clock skips it."""

    def to_data(self) -> dict[str, Any]:
        """JSON-safe form, read again by ``schedule_from_data``."""


def schedule_from_data(data: Mapping[str, Any]) -> Schedule:
    """The schedule of a stored JSON form. Raises InvalidError for a type this version lacks."""
    if data.get("type") == "timetable":
        return timetable_from_data(data)
    return form_from_data(data)


def in_words(schedule: Schedule) -> str:
    """A schedule in one line, with its time zone."""
    match schedule:
        case CronSchedule():
            said = ", ".join(f"{name} {value}" for name, value in schedule.fields)
        case CrontabSchedule():
            said = schedule.text
        case IntervalSchedule():
            unit = schedule.unit.removesuffix("s") if schedule.number == 1 else schedule.unit
            said = f"every {unit}" if schedule.number == 1 else f"every {schedule.number} {unit}"
        case OnceSchedule():
            said = f"once, at {schedule.at.astimezone(schedule.timezone):%Y-%m-%d %H:%M:%S}"
        case _:
            said = type(schedule).__name__
    return f"{said} ({schedule.timezone.key})"
