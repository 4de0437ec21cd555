"""When a job is due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from botsched.domain.cron import FIELDS
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError


class Schedule(Protocol):
    """Any rule that says at which instants a job is due. Instants are aware, in UTC."""

    def next_after(self, instant: datetime) -> datetime | None:
        """The first due instant later than this one; None when there is none."""

    def last_until(self, instant: datetime, since: datetime) -> datetime | None:
        """The last due instant not later than ``instant`` nor earlier than ``since``."""

    def count(self, first: datetime, last: datetime) -> int:
        """How many due instants lie from ``first`` to ``last``, both included."""

    def to_data(self) -> dict[str, Any]:
        """JSON-safe form, read again by ``schedule_from_data``."""


def schedule_from_data(data: Mapping[str, Any]) -> Schedule:
    """The schedule of a stored JSON form. Raises InvalidError for a type this version lacks."""
    if data.get("type") != "cron":
        raise InvalidError({"schedule": f"type {data.get('type')!r} is unknown to this version"})
    fields = data["fields"]
    ordered = tuple((name, fields[name]) for name in FIELDS if name in fields)
    return CronSchedule(ordered, parse_timezone(data["timezone"]))
