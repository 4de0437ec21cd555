"""The fate of due instants: which run, and why the others do not."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from botsched.domain.execution import Cause, State
from botsched.domain.job import Policy
from botsched.domain.schedule import Schedule

CATCH_UP_LIMIT = 1000
"""Without coalescing, at most this many missed instants are run afterwards."""

# An instant seen this soon counts as on time: overlap with earlier runs decides about it.
_ON_TIME = timedelta(seconds=60)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Decision:
    """The fate of one instant, or of ``count`` instants from ``first`` to ``last``."""

    first: datetime
    last: datetime
    count: int
    state: State
    cause: Cause
    reason: str


def decide(
    schedule: Schedule, first: datetime, now: datetime, policy: Policy, active: int
) -> list[Decision]:
    """Decide about every due instant from ``first``, itself due, to ``now``.

    ``active`` is how many executions of the job have not ended yet. The decisions are in order
    of time and leave no instant out.
    """
    oldest = first if policy.grace is None else max(first, now - policy.grace)
    recent = schedule.next_after(oldest - _TICK)
    if recent is None or recent > now:
        return list(_missed(schedule, first, now, policy))
    decisions = list(_missed(schedule, first, recent - _TICK, policy))
    if policy.coalesce:
        return decisions + list(_latest(schedule, recent, now, policy, active))
    return decisions + list(_all(schedule, recent, now, policy, active))


def skip(
    schedule: Schedule, first: datetime, until: datetime, cause: Cause, reason: str
) -> list[Decision]:
    """One decision for all due instants from ``first`` to ``until``; empty when there is none."""
    return list(_together(schedule, first, until, State.SKIPPED, cause, reason))


def _together(
    schedule: Schedule, first: datetime, until: datetime, state: State, cause: Cause, reason: str
) -> Iterator[Decision]:
    last = schedule.last_until(until, first)
    if last is not None:
        yield Decision(first, last, schedule.count(first, last), state, cause, reason)


def _missed(
    schedule: Schedule, first: datetime, until: datetime, policy: Policy
) -> Iterator[Decision]:
    if until < first or policy.grace is None:
        return
    grace = int(policy.grace.total_seconds())
    reason = f"The scheduler was not running, or busy, for longer than the grace of {grace} s."
    yield from _together(schedule, first, until, State.MISSED, Cause.GRACE, reason)


def _latest(
    schedule: Schedule, recent: datetime, now: datetime, policy: Policy, active: int
) -> Iterator[Decision]:
    latest = recent
    following = schedule.next_after(recent)
    if following is not None and following <= now:
        latest = schedule.last_until(now, following) or following
    reason = f"Folded into the run due at {latest:%Y-%m-%d %H:%M:%S} UTC."
    if latest > recent:
        yield from _together(
            schedule, recent, latest - _TICK, State.SKIPPED, Cause.COALESCED, reason
        )
    yield _run(latest, now, policy, active)


def _all(
    schedule: Schedule, recent: datetime, now: datetime, policy: Policy, active: int
) -> Iterator[Decision]:
    kept = schedule.next_after(max(recent, _catch_up_from(schedule, recent, now)) - _TICK)
    if kept is not None and kept > recent:
        reason = f"Only the latest {CATCH_UP_LIMIT} missed instants are run afterwards."
        yield from _together(schedule, recent, kept - _TICK, State.MISSED, Cause.GRACE, reason)
    while kept is not None and kept <= now:
        yield _run(kept, now, policy, active)
        kept = schedule.next_after(kept)


def _catch_up_from(schedule: Schedule, recent: datetime, now: datetime) -> datetime:
    """Where the latest instants begin that are run afterwards.

    Found by halving the span: an outage, or a clock that was wrong, may hold millions of them.
    """
    seconds = range(int((now - recent).total_seconds()) + 2)
    too_far = bisect_right(
        seconds,
        CATCH_UP_LIMIT,
        key=lambda back: schedule.count(now - timedelta(seconds=back), now),
    )
    return now - timedelta(seconds=too_far - 1)


def _run(instant: datetime, now: datetime, policy: Policy, active: int) -> Decision:
    """A run; but one that is on time while earlier runs have not ended is skipped."""
    if active >= policy.max_instances and now - instant < _ON_TIME:
        reason = (
            f"{active} earlier {'run has' if active == 1 else 'runs have'} not ended, "
            f"and {policy.max_instances} at a time are allowed."
        )
        return Decision(instant, instant, 1, State.SKIPPED, Cause.OVERLAP, reason)
    late = now - instant
    reason = f"Found {late.total_seconds():.0f} s late." if late >= _ON_TIME else "Due."
    return Decision(instant, instant, 1, State.SCHEDULED, Cause.DUE, reason)
