"""When a job was due over all its versions."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from botsched.domain.jobversion import Change, JobVersion
from botsched.domain.schedule import Schedule

TICK = timedelta(microseconds=1)
_END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """A schedule and the moments it held for, both included."""

    first: datetime
    last: datetime
    schedule: Schedule


class Timeline:
    """The schedules of a job, one after the other."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._ends = [span.last for span in spans]

    @classmethod
    def of(cls, versions: Sequence[JobVersion]) -> Self:
        """From the versions of a job, in order. After it was deleted, it is never due."""
        spans: list[Span] = []
        last = _END
        for version in reversed(versions):
            # What a later version decides about, no earlier one does.
            if version.since <= last:
                if version.change is not Change.DELETED:
                    spans.append(Span(version.since, last, version.schedule))
                last = version.since - TICK
        return cls(spans[::-1])

    def next_from(self, moment: datetime) -> datetime | None:
        """The first due instant from this moment on."""
        for span in self._from(moment):
            due = span.schedule.next_after(max(moment, span.first) - TICK)
            if due is not None and due <= span.last:
                return due
        return None

    def last_until(self, moment: datetime, since: datetime) -> datetime | None:
        """The last due instant not later than ``moment`` nor earlier than ``since``."""
        for span in reversed(list(self._within(since, moment))):
            due = span.schedule.last_until(min(moment, span.last), max(since, span.first))
            if due is not None:
                return due
        return None

    def count(self, first: datetime, last: datetime) -> int:
        """How many due instants lie from ``first`` to ``last``, both included."""
        return sum(
            span.schedule.count(max(first, span.first), min(last, span.last))
            for span in self._within(first, last)
        )

    def _from(self, moment: datetime) -> Iterator[Span]:
        """The spans that do not end before then."""
        for index in range(bisect_right(self._ends, moment - TICK), len(self._spans)):
            yield self._spans[index]

    def _within(self, first: datetime, last: datetime) -> Iterable[Span]:
        """The spans that have moments from ``first`` to ``last``."""
        for span in self._from(first):
            if span.first > last or first > last:
                return
            yield span
