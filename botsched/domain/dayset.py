"""Due instants as sets of seconds: a day of them is one integer, with a bit for each second.

Sets are joined by ``|`` and counted in microseconds, however dense they are: that is how the due
instants of years are counted, also of several schedules that may coincide.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

DAY = 86_400
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class Seconds(Protocol):
    """What can tell its due instants as such sets."""

    def seconds_from(self, start: datetime) -> int:
        """Bit n is set when it is due n seconds after ``start``, for n below 86,400."""


def below(count: int) -> int:
    """The set of the first ``count`` seconds; empty when negative."""
    return (1 << count) - 1 if count > 0 else 0


def between(earlier: datetime, later: datetime) -> int:
    """The whole seconds from one instant to another; negative when they are the other way round."""
    return (later - earlier) // _SECOND


@lru_cache(maxsize=256)
def every(step: int) -> int:
    """Each ``step``-th second of a day, from its first on."""
    found, width = 1, step
    while width < DAY:
        found |= found << width
        width *= 2
    return found & below(DAY)


@lru_cache(maxsize=256)
def of_times(hours: tuple[int, ...], minutes: tuple[int, ...], seconds: tuple[int, ...]) -> int:
    """The times of a day made of any of these hours, minutes and seconds."""
    minute = sum(1 << second for second in seconds)
    hour = sum(minute << 60 * number for number in minutes)
    return sum(hour << 3600 * number for number in hours)


def count(schedules: Iterable[Seconds], first: datetime, last: datetime) -> int:
    """How many seconds from ``first`` to ``last``, both included, are due in any schedule."""
    schedules = tuple(schedules)
    start = first if first.microsecond == 0 else first.replace(microsecond=0) + _SECOND
    total = 0
    while start <= last:
        due = 0
        for schedule in schedules:
            due |= schedule.seconds_from(start)
        total += (due & below(min(between(start, last) + 1, DAY))).bit_count()
        start += _DAY
    return total
