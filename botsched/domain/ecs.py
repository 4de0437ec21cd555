"""Schedules of up to eight fields as ECS Scheduler has them, from the second to the year.

The fields are second, minute, hour, day of week, week, day, month and year, each as in cron fields
(weekday 0 is Monday); the right ones may be left off. Where those have a blank there is ``_``:
``2nd_fri``, ``last_sun``. ``?`` stands for a value that is drawn once, when a schedule is made.
"""

import random
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import zip_longest
from typing import Any, Self
from zoneinfo import ZoneInfo

from botsched.domain.cronschedule import CronSchedule
from botsched.errors import InvalidError

ORDER = ("second", "minute", "hour", "day_of_week", "week", "day", "month", "year")
_DRAWN = {"second": 60, "minute": 60, "hour": 24}


@dataclass(frozen=True)
class EcsSchedule:
    """Such a text, in a time zone; every ``?`` has been replaced."""

    text: str
    timezone: ZoneInfo

    @classmethod
    def of(cls, text: str, timezone: ZoneInfo, chance: random.Random) -> Self:
        """Draw what is to be drawn, and check the text. Raises InvalidError naming the field."""
        parts = text.split()
        if not 1 <= len(parts) <= len(ORDER):
            raise InvalidError(
                {"ecs": f"{text!r:.200} has {len(parts)} fields; give 1 to 8: {', '.join(ORDER)}"}
            )
        text = drawn(text, chance)
        _parse(text, timezone)
        return cls(text, timezone)

    def is_said_by(self, text: str) -> bool:
        """Whether this is the same text, with ``?`` or the value that was drawn for it."""
        said, present = text.split(), self.text.split()
        return len(said) == len(present) and all(
            part == drawn or (part == "?" and name in _DRAWN)
            for name, part, drawn in zip(ORDER, said, present, strict=False)
        )

    def next_after(self, instant: datetime) -> datetime | None:
        """The first due instant later than this one; None when there is none."""
        return self.cron.next_after(instant)

    def last_until(self, instant: datetime, since: datetime) -> datetime | None:
        """The last due instant not later than ``instant`` nor earlier than ``since``."""
        return self.cron.last_until(instant, since)

    def count(self, first: datetime, last: datetime) -> int:
        """How many due instants lie from ``first`` to ``last``, both included."""
        return self.cron.count(first, last)

    def seconds_from(self, start: datetime) -> int:
        """Its due instants in the day from ``start``, as a set of seconds."""
        return self.cron.seconds_from(start)

    def skipped_at(self, due: datetime) -> datetime | None:
        """The first local time that this due instant stands for because the clock skips it."""
        return self.cron.skipped_at(due)

    def to_data(self) -> dict[str, Any]:
        """JSON-safe form, read again by ``schedule_from_data``."""
        return {"type": "ecs", "ecs": self.text, "timezone": self.timezone.key}

    @property
    def cron(self) -> CronSchedule:
        """The same as cron fields."""
        return _parse(self.text, self.timezone)


def drawn(text: str, chance: random.Random) -> str:
    """The text with a value in place of each ``?``. Raises InvalidError where none can stand."""
    named = zip_longest(ORDER, text.split(), fillvalue="")
    return " ".join(_draw(name, part, chance) for name, part in named if part)


def text_of(schedule: CronSchedule) -> str:
    """Cron fields in this form."""
    fields = schedule.effective
    parts = [
        "_".join(fields[name].split()) if name == "day" else "".join(fields[name].split())
        for name in ORDER
    ]
    while len(parts) > 1 and parts[-1] == "*":
        parts.pop()
    return " ".join(parts)


@lru_cache(maxsize=4096)
def _parse(text: str, timezone: ZoneInfo) -> CronSchedule:
    named = zip(ORDER, text.split(), strict=False)
    fields = {name: part.replace("_", " ") if name == "day" else part for name, part in named}
    try:
        return CronSchedule.of(fields, timezone)
    except InvalidError as error:
        raise InvalidError({"ecs": str(error)}) from None


def _draw(name: str, part: str, chance: random.Random) -> str:
    if part != "?":
        return part
    if name not in _DRAWN:
        raise InvalidError({"ecs": f"{name}: '?' can stand for {', '.join(_DRAWN)} only"})
    return str(chance.randrange(_DRAWN[name]))
