"""What executions come to: counts by stretches of time, durations, failures in a row."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from botsched.domain.execution import UNSUCCESSFUL, Cause, Fate, State

LONGEST_PERIOD: Final = timedelta(days=366)
"""Longer periods are not counted at once."""

_WIDTHS: Final = (
    (timedelta(hours=3), timedelta(minutes=5)),
    (timedelta(hours=12), timedelta(minutes=15)),
    (timedelta(days=3), timedelta(hours=1)),
    (timedelta(days=14), timedelta(hours=6)),
    (timedelta(days=62), timedelta(days=1)),
)
"""How wide stretches are, by the longest period they are for; else they are weeks."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many executions ended in a stretch of time, by state."""

    start: datetime
    end: datetime
    states: Counter[State]

    @property
    def runs(self) -> int:
        """How many were to run, whatever became of them."""
        return self.states.total() - self.states[State.SKIPPED] - self.states[State.MISSED]

    @property
    def failures(self) -> int:
        """How many of these did not succeed; those that somebody stopped did not fail."""
        return sum(self.states[state] for state in UNSUCCESSFUL)


@dataclass(frozen=True, slots=True)
class Run:
    """An execution, as far as durations and failures ask for it."""

    id: str
    state: State
    cause: Cause
    scheduled_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime
    retry_of: str | None = None

    @property
    def seconds(self) -> float | None:
        """How long it took; None for what did not run, or has not ended."""
        if self.started_at is None or self.ended_at is None:
            return None
        return max(0.0, (self.ended_at - self.started_at).total_seconds())

    @property
    def lateness(self) -> float | None:
        """How many seconds after it was scheduled it began; None for what did not run."""
        if self.started_at is None:
            return None
        return max(0.0, (self.started_at - self.scheduled_at).total_seconds())


@dataclass(frozen=True, slots=True)
class JobShare:
    """What a job has of the executions that were looked at; ``longest`` is in seconds.

    ``last_id`` is the latest of them, where that was asked for.
    """

    job_id: str
    job_name: str
    count: int
    longest: float = 0.0
    last_id: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of due instants, from ``since`` on: earlier ones were not looked at."""

    since: datetime
    fates: Counter[Fate] = field(default_factory=Counter)
    skipped: Counter[Cause] = field(default_factory=Counter)


def width_for(period: timedelta) -> timedelta:
    """How wide the stretches of a period are, so that they are some dozens."""
    return next((width for longest, width in _WIDTHS if period <= longest), timedelta(days=7))


def stretches_back(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of a period, the latest first; all begin at full hours, days and so on."""
    width = width_for(end - start)
    begin = _EPOCH + (end - _EPOCH) // width * width
    if begin == end:
        begin -= width
    while begin > start:
        yield begin, min(begin + width, end)
        begin -= width
    yield start, min(begin + width, end)


def failures_in_a_row(runs: Iterable[Run]) -> int:
    """How many of the latest runs of a job, the newest first, failed one after the other.

    Attempts of one run count once; what did not run, or was stopped, neither counts nor ends it.
    """
    failed: set[str] = set()
    for run in runs:
        if run.state is State.SUCCEEDED:
            break
        if run.state in UNSUCCESSFUL:
            failed.add(run.retry_of or run.id)
    return len(failed)


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that is not exceeded by this share of them; None of no values."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def median(values: Sequence[float]) -> float | None:
    """The value in the middle, or between the two in the middle; None of no values."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2
