"""Every so many seconds, minutes, hours or days, counted from an anchor."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from botsched.domain import dayset
from botsched.domain.wallclock import WallClock
from botsched.errors import InvalidError

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600}
UNITS = (*_SECONDS, "days")
_LONGEST = timedelta(days=3660)
_MOST = 10**9
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class IntervalSchedule:
    """Due at the anchor and every ``number`` units before and after it.

    Seconds, minutes and hours are counted in real time. Days are counted on the clock of the time
    zone, so that the time of day stays when the clock changes.
    """

    number: int
    unit: str
    anchor: datetime
    timezone: ZoneInfo

    @classmethod
    def of(cls, number: int, unit: str, anchor: datetime, timezone: ZoneInfo) -> Self:
        """Check the values. Raises InvalidError."""
        if unit not in UNITS:
            raise InvalidError({"every": f"unit {unit!r} is unknown; use {', '.join(UNITS)}"})
        if not 1 <= number <= _MOST or timedelta(**{unit: number}) > _LONGEST:
            raise InvalidError({"every": f"{number} {unit} must be between 1 second and 10 years"})
        return cls(number, unit, anchor.astimezone(UTC), timezone)

    def next_after(self, instant: datetime) -> datetime | None:
        """The first due instant later than this one."""
        return self._due(self._index(instant) + 1)

    def last_until(self, instant: datetime, since: datetime) -> datetime | None:
        """The last due instant not later than ``instant`` nor earlier than ``since``."""
        due = self._due(self._index(instant))
        return due if due >= since else None

    def count(self, first: datetime, last: datetime) -> int:
        """How many due instants lie from ``first`` to ``last``, both included."""
        before = self._index(first - _TICK)
        return max(self._index(last) - before, 0)

    def seconds_from(self, start: datetime) -> int:
        """Its due instants in the day from ``start``, as a set of seconds."""
        if self.unit == "days":
            return self._days_from(start)
        step = self.number * _SECONDS[self.unit]
        first = -dayset.between(self.anchor, start) % step
        return dayset.every(step) << first & dayset.below(dayset.DAY) if first < dayset.DAY else 0

    def skipped_at(self, due: datetime) -> datetime | None:
        """The local time that this due instant stands for because the clock skips it."""
        if self.unit != "days":
            return None
        clock = WallClock(self.timezone)
        meant = clock.wall(self.anchor) + self._index(due) * timedelta(days=self.number)
        return meant if meant != clock.wall(due) else None

    def to_data(self) -> dict[str, Any]:
        """JSON-safe form, read again by ``schedule_from_data``."""
        return {
            "type": "interval",
            "number": self.number,
            "unit": self.unit,
            "anchor": self.anchor.isoformat(),
            "timezone": self.timezone.key,
        }

    def _days_from(self, start: datetime) -> int:
        found, due = 0, self.next_after(start - _TICK)
        while due is not None and (second := dayset.between(start, due)) < dayset.DAY:
            found |= 1 << second
            due = self.next_after(due)
        return found

    def _index(self, instant: datetime) -> int:
        """The number of the last due instant not later than this one; the anchor has 0."""
        if self.unit != "days":
            step = timedelta(seconds=self.number * _SECONDS[self.unit])
            return (instant - self.anchor) // step
        clock = WallClock(self.timezone)
        wall, anchor = clock.wall(instant), clock.wall(self.anchor)
        index = (wall - anchor) // timedelta(days=self.number)
        # Around a change of the clock, wall-clock time is a step ahead or behind.
        while self._due(index) > instant:
            index -= 1
        while self._due(index + 1) <= instant:
            index += 1
        return index

    def _due(self, index: int) -> datetime:
        if self.unit != "days":
            return self.anchor + index * timedelta(seconds=self.number * _SECONDS[self.unit])
        clock = WallClock(self.timezone)
        return clock.instant(clock.wall(self.anchor) + index * timedelta(days=self.number))
