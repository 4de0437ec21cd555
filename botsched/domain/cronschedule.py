"""Cron fields in a time zone.

Daylight saving time. A schedule that names its hours means times on the clock: one that the clock
skips is due once, at the jump; one that the clock shows twice is due the first time only. A
schedule that matches every hour means a rhythm, which goes on in real time through both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from botsched.domain.cron import FIELDS, Cron, compile_fields, effective_fields
from botsched.domain.wallclock import WallClock
from botsched.errors import InvalidError

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class CronSchedule:
    """Cron fields, as given, in a time zone."""

    fields: tuple[tuple[str, str], ...]
    timezone: ZoneInfo

    @classmethod
    def of(cls, fields: Mapping[str, str], timezone: ZoneInfo) -> Self:
        """Check the fields and build the schedule.

        Raises InvalidError for a field that is unknown or out of range, and for a combination
        that never comes, such as 30 February.
        """
        unknown = [name for name in fields if name not in FIELDS]
        if unknown:
            raise InvalidError(
                {name: f"no such field; use {', '.join(FIELDS)}" for name in unknown}
            )
        if not fields:
            raise InvalidError({"schedule": f"at least one of {', '.join(FIELDS)} is needed"})
        schedule = cls(tuple((name, fields[name]) for name in FIELDS if name in fields), timezone)
        if schedule.next_after(datetime.now(UTC)) is None:
            given = ", ".join(f"{name} {value!r}" for name, value in schedule.fields)
            raise InvalidError({"schedule": f"{given} never comes; change a field"})
        return schedule

    @property
    def effective(self) -> dict[str, str]:
        """All eight fields, the unset ones filled in."""
        return effective_fields(dict(self.fields))

    def next_after(self, instant: datetime) -> datetime | None:
        """The first due instant later than this one; None when there is none."""
        cron = self._cron
        if cron.every_hour:
            return self._next_in_rhythm(cron, instant)
        wall = cron.next_wall(self._clock.wall(instant))
        while wall is not None:
            due = self._clock.instant(wall)
            if due > instant:
                return due
            wall = cron.next_wall(wall)
        return None

    def last_until(self, instant: datetime, since: datetime) -> datetime | None:
        """The last due instant not later than ``instant`` nor earlier than ``since``."""
        span = _SECOND
        while True:
            start = max(instant - span, since - _TICK)
            due = self.next_after(start)
            if due is not None and due <= instant:
                return self._last_of_few(due, instant)
            if start < since:
                return None
            span *= 2

    def count(self, first: datetime, last: datetime) -> int:
        """How many due instants lie from ``first`` to ``last``, both included.

        Days without a change of the clock are counted at once.
        """
        first_wall, last_wall = self._clock.wall(first), self._clock.wall(last)
        total = 0
        for day in self._cron.days_from(first_wall.date() - _DAY):
            if day > last_wall.date() + _DAY:
                break
            if self._clock.is_plain(day):
                total += self._count_walls(day, first_wall, last_wall)
            else:
                total += self._count_one_by_one(day, first, last)
        return total

    def to_data(self) -> dict[str, Any]:
        """JSON-safe form, read again by ``schedule_from_data``."""
        return {"type": "cron", "fields": dict(self.fields), "timezone": self.timezone.key}

    @property
    def _cron(self) -> Cron:
        return compile_fields(self.fields)

    @property
    def _clock(self) -> WallClock:
        return WallClock(self.timezone)

    def _next_in_rhythm(self, cron: Cron, instant: datetime) -> datetime | None:
        """Match wall-clock time under one offset, and start anew wherever the offset changes."""
        after, offset = instant, self._clock.offset(instant)
        while True:
            wall = cron.next_wall((after + offset).replace(tzinfo=None))
            if wall is None:
                return None
            due = wall.replace(tzinfo=UTC) - offset
            limit = min(due, after + _DAY)
            if self._clock.offset(limit) != offset:
                change = self._clock.change_between(after + _TICK, limit)
                after, offset = change - _TICK, self._clock.offset(change)
            elif limit == due:
                return due
            else:
                after = max(limit, due - 2 * _DAY)
                offset = self._clock.offset(after)

    def _last_of_few(self, due: datetime, until: datetime) -> datetime:
        following = self.next_after(due)
        while following is not None and following <= until:
            due, following = following, self.next_after(following)
        return due

    def _count_walls(self, day: date, first: datetime, last: datetime) -> int:
        """Count by arithmetic, on a day when wall-clock time and instants agree."""
        start, end = datetime.combine(day, time.min), datetime.combine(day, time.max)
        if last < start or first > end:
            return 0
        count = self._cron.times_until(min(last, end).time())
        if first > start:
            count -= self._cron.times_until((first - _TICK).time())
        return count

    def _count_one_by_one(self, day: date, first: datetime, last: datetime) -> int:
        """Count one by one the due instants whose wall-clock time falls on this day."""
        start = datetime.combine(day, time()).replace(tzinfo=self.timezone).astimezone(UTC)
        due = self.next_after(max(start, first) - _TICK)
        total = 0
        while due is not None and due <= last and self._clock.wall(due).date() <= day:
            total += self._clock.wall(due).date() == day
            due = self.next_after(due)
        return total
