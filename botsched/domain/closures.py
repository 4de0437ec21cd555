"""Times in which a job is not to run, whatever its schedule says: a pause, the hold, windows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from botsched.domain.clock import NEVER
from botsched.domain.controls import Controls, Hold
from botsched.domain.execution import Cause, State
from botsched.domain.job import Job
from botsched.domain.window import Window

TICK = timedelta(microseconds=1)
_ALWAYS = datetime.min.replace(tzinfo=UTC)
_MOST_TIMES = 100


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
        if max(at, closure.start) > end:
            break
        if closure.end <= at:
            continue
        if closure.start > at:
            yield Stretch(at, closure.start - TICK)
        yield Stretch(max(at, closure.start), min(closure.end - TICK, end), closure)
        at = closure.end
    if at <= end:
        yield Stretch(at, end)


def closures_of(job: Job, controls: Controls, first: datetime, now: datetime) -> list[Closure]:
    """What keeps a job from running between these two moments, in the order of the starts."""
    found = [] if job.paused_at is None else [_of_pause(job)]
    if controls.hold is not None:
        found.append(_of_hold(controls.hold))
    for window in (*controls.windows, *(job.policy.windows or ())):
        found.extend(_of_window(window, first, now))
    return sorted(found, key=lambda closure: closure.start)


def _of_pause(job: Job) -> Closure:
    """A pause began with everything settled, and goes before all else."""
    until = "" if job.paused_until is None else f", until {_clock(job.paused_until)}"
    reason = f"The job was paused by {job.paused_by} at {job.paused_at:%Y-%m-%d %H:%M:%S} UTC"
    return Closure(_ALWAYS, job.paused_until or NEVER, Cause.PAUSED, f"{reason}{until}.")


def _of_hold(hold: Hold) -> Closure:
    return Closure(hold.since, NEVER, Cause.HOLD, f"{hold.words}.")


@lru_cache(maxsize=1024)
def _of_window(window: Window, first: datetime, now: datetime) -> list[Closure]:
    """Many jobs ask for the same at one look. Before very many times of it, nothing is run."""
    times = window.latest_times(first, now, _MOST_TIMES)
    closures = [Closure(start, end, Cause.WINDOW, _in(window, end)) for start, end in times]
    if len(times) == _MOST_TIMES:
        reason = f"Too long ago: the window {window.name!r} was open {_MOST_TIMES} times since."
        closures.insert(0, Closure(_ALWAYS, times[0][0], Cause.LIMIT, reason, State.MISSED))
    return closures


def _in(window: Window, end: datetime) -> str:
    return f"In the maintenance window {window.name!r}, until {_clock(end)}."


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
