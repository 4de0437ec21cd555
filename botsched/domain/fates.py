"""The fate of due instants: which run, and why the others do not.

All instants since the last look are decided about at once, in spans: first those that fall into a
closure (a pause, the hold, a window), then those that are found too late, then those that the rule
about missed instants leaves out. What remains is run, unless it overlaps with earlier runs.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from botsched.domain.closures import TICK, Closure, stretches
from botsched.domain.execution import Cause, State
from botsched.domain.job import Missed, Policy
from botsched.domain.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Decision:
    """The fate of one instant, or of ``count`` instants from ``first`` to ``last``."""

    first: datetime
    last: datetime
    count: int
    state: State
    cause: Cause
    reason: str


@dataclass(frozen=True, slots=True)
class _Span:
    """Due instants that follow each other, from the first to the last."""

    first: datetime
    last: datetime


def decide(
    schedule: Schedule,
    first: datetime,
    now: datetime,
    policy: Policy,
    active: int = 0,
    closures: Sequence[Closure] = (),
) -> list[Decision]:
    """Decide about every due instant from ``first``, itself due, to ``now``.

    ``active`` is how many executions of the job have not ended yet; ``closures`` are in the order
    of their starts. The decisions are in order of time and leave no instant out.
    """
    shut: list[Decision] = []
    open_spans: list[_Span] = []
    for stretch in stretches(first, now, closures):
        span = _span(schedule, stretch.start, stretch.end)
        if span is None:
            continue
        if (closure := stretch.closure) is None:
            open_spans.append(span)
        else:
            shut.append(_all_of(schedule, span, closure.state, closure.cause, closure.reason))
    late, recent = _split_late(schedule, open_spans, now, policy)
    left, chosen = _split_left(schedule, recent, policy)
    ran = _run(chosen, now, policy, active)
    return sorted(chain(shut, late, left, ran), key=lambda decision: decision.first)


def _span(schedule: Schedule, start: datetime, end: datetime) -> _Span | None:
    """The due instants of a stretch of time."""
    first = schedule.next_after(start - TICK)
    if first is None or first > end:
        return None
    following = schedule.next_after(first)
    if following is None or following > end:
        return _Span(first, first)
    return _Span(first, schedule.last_until(end, following) or following)


def _all_of(schedule: Schedule, span: _Span, state: State, cause: Cause, reason: str) -> Decision:
    return Decision(
        span.first, span.last, schedule.count(span.first, span.last), state, cause, reason
    )


def _split_late(
    schedule: Schedule, spans: list[_Span], now: datetime, policy: Policy
) -> tuple[list[Decision], list[_Span]]:
    """Those that are found too late to run, decided; and the others."""
    limit = policy.latest_start
    if limit is None or not spans or spans[0].first >= now - limit:
        return [], spans
    reason = f"Found more than {limit.total_seconds():g} s late: the scheduler did not run, or "
    reason += "was busy."
    if policy.missed is Missed.SKIP:
        reason += " Missed instants of this job are not run afterwards."
    late: list[Decision] = []
    recent: list[_Span] = []
    for span in spans:
        old, young = _cut(schedule, span, now - limit)
        if old is not None:
            late.append(_all_of(schedule, old, State.MISSED, Cause.GRACE, reason))
        if young is not None:
            recent.append(young)
    return late, recent


def _split_left(
    schedule: Schedule, spans: list[_Span], policy: Policy
) -> tuple[list[Decision], list[datetime]]:
    """Those that give way to later ones, decided; and the instants that are to run."""
    if not spans:
        return [], []
    most = 1 if policy.missed is Missed.LATEST else policy.missed_limit
    start = _start_of_latest(schedule, spans, most)
    if policy.missed is Missed.LATEST:
        reason = f"Folded into the run due at {start:%Y-%m-%d %H:%M:%S} UTC."
        fate = (State.SKIPPED, Cause.COALESCED, reason)
    else:
        reason = f"Only the latest {most} missed instants are run afterwards."
        fate = (State.MISSED, Cause.LIMIT, reason)
    left: list[Decision] = []
    chosen: list[datetime] = []
    for span in spans:
        old, young = _cut(schedule, span, start)
        if old is not None:
            left.append(_all_of(schedule, old, *fate))
        if young is not None:
            chosen.extend(_each(schedule, young))
    return left, chosen


def _start_of_latest(schedule: Schedule, spans: list[_Span], most: int) -> datetime:
    """The first of the latest ``most`` instants, or of all when there are fewer."""
    if most == 1:
        return spans[-1].last
    for span in reversed(spans):
        count = 1 if span.first == span.last else schedule.count(span.first, span.last)
        if count >= most:
            return _latest_in(schedule, span, most)
        most -= count
    return spans[0].first


def _latest_in(schedule: Schedule, span: _Span, most: int) -> datetime:
    """Where the latest ``most`` instants of a span begin, to the second.

    Found by halving the span: an outage, or a clock that was wrong, may hold millions of them.
    """
    seconds = range(int((span.last - span.first).total_seconds()) + 2)
    too_far = bisect_right(
        seconds,
        most,
        key=lambda back: schedule.count(span.last - timedelta(seconds=back), span.last),
    )
    return max(span.first, span.last - timedelta(seconds=too_far - 1))


def _cut(schedule: Schedule, span: _Span, at: datetime) -> tuple[_Span | None, _Span | None]:
    """The instants before ``at``, and the others."""
    if span.first >= at:
        return None, span
    if span.last < at:
        return span, None
    old = _Span(span.first, schedule.last_until(at - TICK, span.first) or span.first)
    return old, _Span(schedule.next_after(at - TICK) or span.last, span.last)


def _each(schedule: Schedule, span: _Span) -> Iterator[datetime]:
    instant: datetime | None = span.first
    while instant is not None and instant <= span.last:
        yield instant
        instant = schedule.next_after(instant)


def _run(
    instants: Iterable[datetime], now: datetime, policy: Policy, active: int
) -> Iterator[Decision]:
    """Runs; but those that are on time, while too many earlier ones have not ended, are skipped.

    A missed one waits for its turn, and is in nobody's way.
    """
    for instant in instants:
        late = now - instant
        state, cause, reason = State.SCHEDULED, Cause.DUE, "Due."
        if late > policy.on_time:
            reason = f"Found {late.total_seconds():.0f} s late."
        elif full := in_the_way(policy, active):
            state, cause, reason = State.SKIPPED, Cause.OVERLAP, full
        else:
            active += 1
        yield Decision(instant, instant, 1, state, cause, reason)


def in_the_way(policy: Policy, active: int) -> str | None:
    """Why one run more may not be, with so many that have not ended; None when it may."""
    if active < policy.max_instances + policy.queue:
        return None
    runs = "1 earlier run has" if active == 1 else f"{active} earlier runs have"
    allowed = f"{policy.max_instances} at a time {'is' if policy.max_instances == 1 else 'are'}"
    queue = f", and {policy.queue} more may wait" if policy.queue else ""
    return f"{runs} not ended; {allowed} allowed{queue}."
