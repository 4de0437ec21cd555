"""The clock on the wall in a time zone, and how its times and instants belong together."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from botsched.errors import InvalidError

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WallClock:
    """Wall-clock times are naive, instants are aware and in UTC."""

    timezone: ZoneInfo

    def wall(self, instant: datetime) -> datetime:
        """What the clock shows."""
        return instant.astimezone(self.timezone).replace(tzinfo=None)

    def offset(self, instant: datetime) -> timedelta:
        """How far the clock is ahead of UTC."""
        return instant.astimezone(self.timezone).utcoffset() or timedelta()

    def instant(self, wall: datetime) -> datetime:
        """When the clock shows this: the first time of two; the jump, for a skipped time."""
        instant = wall.replace(tzinfo=self.timezone).astimezone(UTC)
        if self.wall(instant) == wall:
            return instant
        return self.change_between(instant - _DAY, instant)

    def change_between(self, before: datetime, after: datetime) -> datetime:
        """The first change of the clock in a span that holds one."""
        offset = self.offset(before)
        low, high = int(before.timestamp()), int(after.timestamp())
        while high - low > 1:
            middle = (low + high) // 2
            if self.offset(datetime.fromtimestamp(middle, UTC)) == offset:
                low = middle
            else:
                high = middle
        return datetime.fromtimestamp(high, UTC)


def parse_timezone(name: str) -> ZoneInfo:
    """The time zone of this IANA name. Raises InvalidError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidError(
            {"timezone": f"{name!r} is no known time zone; write for example 'Europe/Brussels'"}
        ) from None
