"""Past and future of jobs on one axis."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Final

from botsched.domain.axis import SLOTS, Axis, Due, Lane, Mark, due_between
from botsched.domain.clock import Clock
from botsched.domain.execution import Execution, State
from botsched.domain.job import Job
from botsched.scheduling.memo import Memo
from botsched.store.session import Session
from botsched.store.store import Store

MOST_LANES: Final = 200
_MOST_UPCOMING: Final = 2000


class TimelineService:
    """Use cases around the axis. All raise StoreError when the database is away."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._axes: Memo[Axis] = Memo()

    def axis(self, start: datetime, end: datetime, lanes: int) -> Axis:
        """The jobs that have most to say from ``start`` to ``end``, at most so many."""

        def made() -> Axis:
            now = self._clock()
            return self._store.read(lambda session: _axis(session, start, end, now, lanes))

        return self._axes.get((start, end, lanes), made)


def _axis(session: Session, start: datetime, end: datetime, now: datetime, lanes: int) -> Axis:
    running = session.executions.in_state(State.RUNNING, State.STOPPING)
    names = _names(session, start, min(end, now), running)
    coming = session.jobs.upcoming(end, _MOST_UPCOMING) if end > now else []
    chosen = _chosen([run.job_id for run in running], _alternating(names, coming))
    known = list(chosen)[:lanes]
    jobs = session.jobs.by_ids(known)
    drawn = [
        _lane(session, job_id, jobs.get(job_id), names, running, (start, end, now))
        for job_id in known
    ]
    return Axis(start, end, now, drawn, len(chosen) - len(known))


def _names(
    session: Session, start: datetime, until: datetime, running: Iterable[Execution]
) -> dict[str, str]:
    """The jobs with a past, those that failed first, with their names."""
    failing = {share.job_id: share.job_name for share in session.statistics.failing(start, until)}
    return (
        failing
        | session.statistics.jobs_between(start, until)
        | {run.job_id: run.job_name for run in running}
    )


def _alternating(past: Iterable[str], coming: Iterable[str]) -> Iterable[str]:
    pairs = zip_longest(past, coming)
    return (job_id for job_id in chain.from_iterable(pairs) if job_id is not None)


def _chosen(first: Iterable[str], others: Iterable[str]) -> dict[str, None]:
    """Each once, in order."""
    return dict.fromkeys(chain(first, others))


def _lane(
    session: Session,
    job_id: str,
    job: Job | None,
    names: dict[str, str],
    running: list[Execution],
    period: tuple[datetime, datetime, datetime],
) -> Lane:
    start, end, now = period
    slot = (end - start) / SLOTS
    name = names.get(job_id, "") if job is None else job.name
    past = session.statistics.marks(job_id, start, min(end, now), slot) if start < now else []
    return Lane(
        job_id,
        name,
        exists=job is not None,
        paused=job is not None and job.paused,
        past=past + [_going_on(run) for run in running if run.job_id == job_id],
        due=[] if job is None else _due(job, max(start, now), end, slot),
    )


def _going_on(run: Execution) -> Mark:
    return Mark(run.started_at or run.scheduled_at, None, Counter([run.state]), 1, run.id)


def _due(job: Job, start: datetime, end: datetime, slot: timedelta) -> list[Due]:
    first = job.next_run
    if first is not None and first < start:
        first = job.schedule.next_after(start)
    return [] if first is None else due_between(job.schedule, first, end, slot)
