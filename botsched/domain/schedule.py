"""When a job is due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from botsched.domain.forms import Form, form_from_data
from botsched.domain.timetable import Bounds, Timetable, timetable_from_data


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


def forms_of(schedule: Schedule) -> tuple[Form, ...]:
    """The single schedules that it consists of."""
    if isinstance(schedule, Timetable):
        return schedule.schedules
    if isinstance(schedule, Form):
        return (schedule,)
    raise TypeError(f"no form for {type(schedule).__name__}")


def bounds_of(schedule: Schedule) -> Bounds:
    """The bounds it is due within, and its jitter."""
    return schedule.bounds if isinstance(schedule, Timetable) else Bounds()
