"""What has been going on: counts, failures, durations. Everything asked for is bounded."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from botsched.domain.clock import Clock
from botsched.domain.execution import Execution, State
from botsched.domain.job import Job
from botsched.domain.paging import JobFilter, JobState
from botsched.domain.statistics import (
    Bucket,
    JobShare,
    Run,
    Tally,
    failures_in_a_row,
    median,
)
from botsched.scheduling.memo import Memo
from botsched.store.session import Session
from botsched.store.store import Store

MOST_RUNS: Final = 500
"""Executions of a job that its durations are taken from, or looked at for them."""

_LISTED: Final = 10
_FAILURES: Final = 20
_RUNNING: Final = 20
_LOOKED_BACK: Final = 100


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that failed in a period.

    ``last`` is its latest failure; ``in_a_row`` how many there were without a success since, 0 when
    it has succeeded, at most ``_LOOKED_BACK``.
    """

    share: JobShare
    last: Execution
    in_a_row: int


@dataclass(frozen=True, slots=True)
class Slow:
    """A job that takes long: median and longest of its runs, in seconds."""

    share: JobShare
    median: float


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the overview shows, as of ``now``; only the first of what may be many are listed.

    ``failed`` is how many jobs failed in the period, ``jobs`` how many there are; ``existing`` are
    those of the listed ones that were not deleted since.
    """

    start: datetime
    end: datetime
    now: datetime
    buckets: list[Bucket]
    tally: Tally
    active: Counter[State]
    running: list[Execution]
    failures: list[Failure]
    failed: int
    most_failing: list[JobShare]
    slowest: list[Slow]
    upcoming: list[Job]
    jobs: int
    paused: int
    failing: int
    existing: frozenset[str]


@dataclass(frozen=True, slots=True)
class JobStatistics:
    """The latest runs of a job, the newest first, and how many failed in a row."""

    job_id: str
    runs: list[Run]
    in_a_row: int


class StatisticsService:
    """Use cases around statistics. All raise StoreError when the database is away."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._overviews: Memo[Overview] = Memo()

    def overview(self, start: datetime, end: datetime | None, key: Hashable) -> Overview:
        """What happened in a period, until now when no ``end`` is given; and what is now.

        Whoever asks with the same ``key`` soon after is given the same answer.
        """

        def made() -> Overview:
            now = self._clock()
            return self._store.read(lambda session: _overview(session, start, end or now, now))

        return self._overviews.get(key, made)

    def of_job(self, job_id: str, count: int) -> JobStatistics:
        """The latest runs of a job. Raises NotFoundError where there is neither job nor run."""

        def operation(session: Session) -> JobStatistics:
            latest = session.statistics.runs(job_id, MOST_RUNS)
            if not latest:
                session.jobs.get(job_id)
            ran = [run for run in latest if run.seconds is not None]
            return JobStatistics(job_id, ran[:count], failures_in_a_row(latest))

        return self._store.read(operation)


def _overview(session: Session, start: datetime, end: datetime, now: datetime) -> Overview:
    statistics = session.statistics
    failing = statistics.failing(start, end)
    most = sorted(failing, key=lambda share: -share.count)[:_LISTED]
    slowest = [_slow(session, share) for share in statistics.slowest(start, end, _LISTED)]
    running = session.executions.in_state(State.RUNNING, State.STOPPING)
    listed = [*failing[:_FAILURES], *most, *(slow.share for slow in slowest)]
    return Overview(
        start=start,
        end=end,
        now=now,
        buckets=statistics.buckets(start, end),
        tally=statistics.tally(start, end),
        active=statistics.active_counts(),
        running=running[:_RUNNING],
        failures=[
            failure
            for share in failing[:_FAILURES]
            if (failure := _failure(session, share)) is not None
        ],
        failed=len(failing),
        most_failing=most,
        slowest=sorted(slowest, key=lambda slow: -slow.median),
        upcoming=next_jobs(session, now, _LISTED),
        jobs=session.jobs.count(),
        paused=count_of(session, JobState.PAUSED),
        failing=count_of(session, JobState.FAILING),
        existing=frozenset(session.jobs.by_ids({share.job_id for share in listed})),
    )


def count_of(session: Session, state: JobState) -> int:
    """How many jobs stand so."""
    return session.jobs.count_of(JobFilter(states=frozenset({state})))


def next_jobs(session: Session, now: datetime, number: int) -> list[Job]:
    """The jobs that run next, in order."""
    ids = session.jobs.upcoming(_ever(now), number)
    jobs = session.jobs.by_ids(ids)
    due = [(jobs[job_id].next_run, jobs[job_id]) for job_id in ids if job_id in jobs]
    return [job for run, job in sorted(due, key=lambda pair: str(pair[0])) if run is not None]


def _ever(now: datetime) -> datetime:
    return now.replace(year=now.year + 100)


def _failure(session: Session, share: JobShare) -> Failure | None:
    """None when what failed was deleted meanwhile."""
    latest = session.statistics.runs(share.job_id, _LOOKED_BACK)
    found = session.executions.by_ids([share.last_id])
    return Failure(share, found[0], failures_in_a_row(latest)) if found else None


def _slow(session: Session, share: JobShare) -> Slow:
    taken = [run.seconds for run in session.statistics.runs(share.job_id, _LOOKED_BACK)]
    return Slow(share, median([each for each in taken if each is not None]) or share.longest)
