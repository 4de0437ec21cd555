"""When the harness's jobs are due, worked out without the product's help, in whole seconds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Timing:
    """Due whenever the seconds since ``anchor`` are a multiple of ``step``.

    ``anchor`` None stands for the second in which the schedule came into force.
    """

    fields: dict[str, Any]
    step: int
    anchor: int | None = 0

    def within(self, after: float, until: float, since: float) -> range:
        """The instants later than ``after`` and not later than ``until``."""
        anchor = int(since) if self.anchor is None else self.anchor
        first = (int(after) - anchor) // self.step + 1
        last = (int(until) - anchor) // self.step
        return range(anchor + first * self.step, anchor + last * self.step + 1, self.step)


def cron_seconds(step: int) -> Timing:
    """By a cron field; ``step`` divides a minute."""
    return Timing({"second": f"*/{step}"}, step)


def every_seconds(step: int) -> Timing:
    """By an interval."""
    return Timing({"every": {"seconds": step}}, step, None)


EVERY_MINUTE = Timing({"crontab": "* * * * *"}, 60)
NEVER_NOW = Timing({"at": "2099-01-01T00:00:00Z"}, 10**12)
"""Due only when all of us are gone."""


@dataclass(frozen=True)
class Period:
    """A time in which one schedule was in force: after ``start``, up to ``end``."""

    timing: Timing
    start: float
    end: float
    since: float
    """When the schedule came into force, which an edit of something else leaves as it was."""

    def instants(self) -> Iterator[int]:
        yield from self.timing.within(self.start, self.end, self.since)
