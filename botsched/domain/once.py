"""Once, at an instant."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from botsched.domain import dayset


@dataclass(frozen=True)
class OnceSchedule:
    """Due at one instant; the time zone is for people."""

    at: datetime
    timezone: ZoneInfo

    def next_after(self, instant: datetime) -> datetime | None:
        """The instant, while it is still to come."""
        return self.at if self.at > instant else None

    def last_until(self, instant: datetime, since: datetime) -> datetime | None:
        """The instant, when it lies from ``since`` to ``instant``."""
        return self.at if since <= self.at <= instant else None

    def count(self, first: datetime, last: datetime) -> int:
        """1 or 0: whether the instant lies from ``first`` to ``last``."""
        return int(first <= self.at <= last)

    def seconds_from(self, start: datetime) -> int:
        """The instant, when it is in the day from ``start``, as a set of seconds."""
        second = dayset.between(start, self.at)
        return 1 << second if 0 <= second < dayset.DAY else 0

    def skipped_at(self, due: datetime) -> datetime | None:
        """None: an instant has no other local time."""

    def to_data(self) -> dict[str, Any]:
        """JSON-safe form, read again by ``schedule_from_data``."""
        at = self.at.astimezone(UTC).isoformat()
        return {"type": "once", "at": at, "timezone": self.timezone.key}
