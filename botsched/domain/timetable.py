"""Several schedules as one, between a start and an end, with jitter.

Jitter delays each instant by a time of its own, drawn from the instant and a stored seed, so that
it can be worked out again. No delay reaches the next instant or passes the end: the instants stay
in order, and as many as they are without jitter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from hashlib import blake2b
from operator import or_
from typing import Any, Self
from zoneinfo import ZoneInfo

from botsched.domain import dayset
from botsched.domain.forms import Form, form_from_data
from botsched.domain.latest import latest
from botsched.domain.once import OnceSchedule
from botsched.errors import InvalidError

LONGEST_JITTER = 43_200
MOST_SCHEDULES = 20
_TICK = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """From when to when instants are due, both included, and how many seconds late at most."""

    start: datetime | None = None
    end: datetime | None = None
    jitter: int = 0


@dataclass(frozen=True)
class Timetable:
    """Due when any of its schedules is, within its bounds; they share one time zone.

    An instant at which several are due is one.
    """

    schedules: tuple[Form, ...]
    bounds: Bounds
    seed: str

    @classmethod
    def of(cls, schedules: tuple[Form, ...], bounds: Bounds, seed: str) -> Self:
        """Check the bounds. Raises InvalidError."""
        start, end = bounds.start, bounds.end
        if not 1 <= len(schedules) <= MOST_SCHEDULES:
            raise InvalidError({"schedules": f"give 1 to {MOST_SCHEDULES}, not {len(schedules)}"})
        if start is not None and end is not None and end < start:
            raise InvalidError({"end_date": "lies before start_date; exchange the two"})
        if not 0 <= bounds.jitter <= LONGEST_JITTER:
            raise InvalidError({"jitter": f"must be between 0 and {LONGEST_JITTER} seconds"})
        return cls(tuple(map(_in_whole_seconds, schedules)), bounds, seed)

    @property
    def timezone(self) -> ZoneInfo:
        """Whose clock it goes by."""
        return self.schedules[0].timezone

    def next_after(self, instant: datetime) -> datetime | None:
        """The first due instant later than this one; None when there is none."""
        delayed = self._due_of_last(instant)
        if delayed is not None and delayed > instant:
            return delayed
        plain = self._plain_after(instant)
        return None if plain is None else self._delayed(plain)

    def last_until(self, instant: datetime, since: datetime) -> datetime | None:
        """The last due instant not later than ``instant`` nor earlier than ``since``."""
        return latest(self.next_after, instant, since)

    def count(self, first: datetime, last: datetime) -> int:
        """How many due instants lie from ``first`` to ``last``, both included."""
        start, end = self.bounds.start, self.bounds.end
        low = first if start is None else max(first, start)
        high = last if end is None else min(last, end)
        plain = dayset.count(self.schedules, low, high)
        return plain + self._is_delayed_beyond(first - _TICK) - self._is_delayed_beyond(last)

    def plain(self, due: datetime) -> datetime:
        """The instant of the schedules that a due instant is, without its delay."""
        return self._plain_until(due) or due

    def skipped_at(self, due: datetime) -> datetime | None:
        """The first local time that this due instant stands for because the clock skips it."""
        plain = self.plain(due)
        standing = (each for each in self.schedules if each.next_after(plain - _TICK) == plain)
        return next(filter(None, (each.skipped_at(plain) for each in standing)), None)

    def to_data(self) -> dict[str, Any]:
        """JSON-safe form, read again by ``schedule_from_data``."""
        start, end = self.bounds.start, self.bounds.end
        return {
            "type": "timetable",
            "schedules": [schedule.to_data() for schedule in self.schedules],
            "start": None if start is None else start.astimezone(UTC).isoformat(),
            "end": None if end is None else end.astimezone(UTC).isoformat(),
            "jitter": self.bounds.jitter,
            "seed": self.seed,
        }

    def _plain_after(self, instant: datetime) -> datetime | None:
        start, end = self.bounds.start, self.bounds.end
        after = instant if start is None else max(instant, start - _TICK)
        found = (schedule.next_after(after) for schedule in self.schedules)
        due = min((each for each in found if each is not None), default=None)
        return None if due is None or (end is not None and due > end) else due

    def _plain_until(self, instant: datetime) -> datetime | None:
        """The last instant of the schedules in the day that ends with this one.

        No delay is as long as a day.
        """
        begin = instant.replace(microsecond=0) - (dayset.DAY - 1) * _SECOND
        found = reduce(or_, (schedule.seconds_from(begin) for schedule in self.schedules))
        if self.bounds.end is not None:
            left = dayset.between(begin, self.bounds.end) + 1
            found &= dayset.below(min(left, dayset.DAY))
        plain = begin + (found.bit_length() - 1) * _SECOND
        return plain if found and plain >= (self.bounds.start or begin) else None

    def _delayed(self, plain: datetime) -> datetime:
        if not self.bounds.jitter:
            return plain
        room = self.bounds.jitter
        if (following := self._plain_after(plain)) is not None:
            room = min(room, dayset.between(plain, following) - 1)
        if self.bounds.end is not None:
            room = min(room, dayset.between(plain, self.bounds.end))
        text = f"{self.seed} {int(plain.timestamp())}"
        drawn = int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
        return plain + timedelta(seconds=drawn % (room + 1))

    def _due_of_last(self, instant: datetime) -> datetime | None:
        """When the last instant of the schedules is due that may be delayed beyond this one."""
        if not self.bounds.jitter:
            return None
        plain = self._plain_until(instant)
        return None if plain is None else self._delayed(plain)

    def _is_delayed_beyond(self, instant: datetime) -> bool:
        delayed = self._due_of_last(instant)
        return delayed is not None and delayed > instant


def timetable_from_data(data: Mapping[str, Any]) -> Timetable:
    """The timetable of its stored JSON form. Raises InvalidError for a form this version lacks."""
    schedules = tuple(form_from_data(each) for each in data["schedules"])
    start, end = (
        None if data[name] is None else datetime.fromisoformat(data[name])
        for name in ("start", "end")
    )
    return Timetable(schedules, Bounds(start, end, data["jitter"]), data["seed"])


def _in_whole_seconds(schedule: Form) -> Form:
    """Sets of seconds know nothing finer."""
    if isinstance(schedule, OnceSchedule):
        return replace(schedule, at=schedule.at.replace(microsecond=0))
    return schedule
