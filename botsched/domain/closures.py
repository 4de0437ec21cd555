"""Times in which a job is not to run, whatever its schedule says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from botsched.domain.execution import Cause, State

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Closure:
    """From ``start`` to before ``end`` no instant is run; what is recorded instead, and why."""

    start: datetime
    end: datetime
    cause: Cause
    reason: str
    state: State = State.SKIPPED

    def covers(self, instant: datetime) -> bool:
        """Whether the instant falls into it."""
        return self.start <= instant < self.end


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``start`` to ``end``, both included, one closure holds, or none."""

    start: datetime
    end: datetime
    closure: Closure | None = None


def stretches(start: datetime, end: datetime, closures: Sequence[Closure]) -> Iterator[Stretch]:
    """All the time from ``start`` to ``end``, in order; of closures that overlap the earlier holds.

    ``closures`` are in the order of their starts.
    """
    at = start
    for closure in closures:
        if closure.start > end:
            break
        if closure.end <= at:
            continue
        if closure.start > at:
            yield Stretch(at, closure.start - TICK)
        yield Stretch(max(at, closure.start), min(closure.end - TICK, end), closure)
        at = closure.end
    if at <= end:
        yield Stretch(at, end)
