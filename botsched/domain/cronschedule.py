"""Cron fields in a time zone.

Daylight saving time. A schedule that names its hours means times on the clock: one that the clock
skips is due once, at the jump; one that the clock shows twice is due the first time only. A
schedule that matches every hour means a rhythm, which goes on in real time through both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from botsched.domain import dayset
from botsched.domain.cron import FIELDS, Cron, compile_fields, effective_fields
from botsched.domain.latest import latest
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

    def is_said_by(self, fields: Mapping[str, str]) -> bool:
        """Whether these fields mean the same ones."""
        return set(fields) <= set(FIELDS) and effective_fields(fields) == self.effective

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
        return latest(self.next_after, instant, since)

    def count(self, first: datetime, last: datetime) -> int:
        """How many due instants lie from ``first`` to ``last``, both included."""
        return dayset.count([self], first, last)

    def seconds_from(self, start: datetime) -> int:
        """Its due instants in the day from ``start``, as a set of seconds."""
        before, after = self._clock.offset(start - _DAY), self._clock.offset(start + _DAY)
        if before == after:
            return self._walls_from(start, before)
        change = self._clock.change_between(start - _DAY, start + _DAY)
        jump = dayset.between(start, change)
        early = self._walls_from(start, before) & dayset.below(jump)
        late = self._walls_from(start, after)
        if self._cron.every_hour:
            return early | late & ~dayset.below(jump)
        shown_again = (before - after) // _SECOND
        late &= ~dayset.below(jump + max(shown_again, 0))
        if 0 <= jump < dayset.DAY and self.skipped_at(change) is not None:
            late |= 1 << jump
        return early | late

    def skipped_at(self, due: datetime) -> datetime | None:
        """The first local time that this due instant stands for because the clock skips it."""
        before, after = self._clock.offset(due - _SECOND), self._clock.offset(due)
        if self._cron.every_hour or after <= before:
            return None
        gap = (due + before).replace(tzinfo=None)
        skipped = self._cron.next_wall(gap - _SECOND)
        return skipped if skipped is not None and skipped < gap + (after - before) else None

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

    def _walls_from(self, start: datetime, offset: timedelta) -> int:
        """The matching seconds in the day from ``start``, on a clock that stays at this offset."""
        wall = (start + offset).replace(tzinfo=None)
        passed = wall.hour * 3600 + wall.minute * 60 + wall.second
        found = self._cron.times >> passed if self._cron.matches_day(wall.date()) else 0
        if passed and self._cron.matches_day(wall.date() + _DAY):
            found |= self._cron.times << dayset.DAY - passed
        return found & dayset.below(dayset.DAY)
