"""Verifying the record: was every instant at which a job was due given exactly one fate?"""

import platform
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from botsched.domain.clock import Clock
from botsched.domain.execution import Execution, State
from botsched.domain.job import Job
from botsched.domain.jobversion import Change, JobVersion
from botsched.domain.timeline import TICK, Timeline
from botsched.domain.verification import Finding, Kind, Subject, Verdict, verify
from botsched.errors import InvalidError, NotFoundError
from botsched.execution.processes import boot_id, start_time
from botsched.store.session import Session
from botsched.store.store import Store

T = TypeVar("T")

_JOBS = 200
"""Jobs looked at in one read."""

_RECORDING = timedelta(seconds=60)
"""So long after its process ended, a run may still be on its way into the record."""

_BEGINNING = datetime.min.replace(tzinfo=UTC)


class Database(Protocol):
    """Whatever can be read from."""

    def read(self, operation: Callable[[Session], T]) -> T:
        """What the operation returns."""


class VerificationService:
    """Verification while the server runs."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def verify(self, start: datetime, end: datetime | None, wanted: str | None) -> Verdict:
        """The same as ``verify_record``, until now when no ``end`` is given.

        Raises InvalidError for a period that has not begun: nothing can have been due in it.
        """
        now = self._clock()
        if start > now:
            told = f"{start:%Y-%m-%d %H:%M:%S} UTC is later than now; give an instant that was"
            raise InvalidError({"time_range_start": told})
        return verify_record(self._store, start, end or now, now, wanted)


def verify_record(
    database: Database, start: datetime, end: datetime, now: datetime, wanted: str | None = None
) -> Verdict:
    """Verify instants from ``start`` to ``end``, of all jobs, or of those of an id or a name.

    Later than ``now`` nothing is due yet. Raises NotFoundError for a job that nobody knows.
    """
    verdict = Verdict(start, min(end, now))
    for ids in _portions(database, lambda session: session.job_history.job_ids):
        for part in database.read(partial(_verify_jobs, ids, verdict, wanted)):
            verdict.add(part)
    if wanted is not None and not verdict.jobs:
        raise NotFoundError("job", wanted)
    findings = database.read(partial(_abandoned, now, wanted))
    if wanted is None:
        for ids in _portions(database, lambda session: session.instants.job_ids):
            findings += database.read(partial(_of_nobody, ids, verdict))
    for finding in findings:
        verdict.find(finding)
    return verdict


Listing = Callable[[str, int], list[str]]
"""Gives so many ids that come after one."""


def _portions(database: Database, listing: Callable[[Session], Listing]) -> Iterator[list[str]]:
    def following(after: str, session: Session) -> list[str]:
        return listing(session)(after, _JOBS)

    after = ""
    while ids := database.read(partial(following, after)):
        yield ids
        after = ids[-1]


def _verify_jobs(
    ids: list[str], period: Verdict, wanted: str | None, session: Session
) -> list[Verdict]:
    # Read first: what is recorded meanwhile is then more than is asked for, and never less.
    jobs = session.jobs.by_ids(ids)
    removed = session.job_history.removed_until(ids)
    found = []
    for job_id, versions in session.job_history.of_several(ids).items():
        if wanted in (None, job_id, *(each.name for each in versions)):
            job = jobs.get(job_id)
            found.append(_verify_job(session, job, versions, removed.get(job_id), period))
    return found


def _verify_job(
    session: Session,
    job: Job | None,
    versions: list[JobVersion],
    removed: datetime | None,
    period: Verdict,
) -> Verdict:
    """What is missing may have been removed while it was looked for: then once more."""
    job_id = versions[-1].job_id
    while True:
        subject = _subject(job, versions, removed)
        rows = session.instants.covering(job_id, period.start, period.end)
        verdict = verify(subject, rows, period.start, period.end)
        verdict.partly = int(subject.floor > period.start)
        before = removed
        if verdict.counts[Kind.MISSING]:
            removed = session.job_history.removed_until([job_id]).get(job_id)
        if removed == before:
            return verdict


def _subject(job: Job | None, versions: list[JobVersion], removed: datetime | None) -> Subject:
    why = "No server has come to it yet."
    if job is not None and job.paused:
        why = "The job is paused; it is recorded when the job goes on."
    elif job is not None and job.parked_until is not None:
        why = "All is held, or a maintenance window is open; it is recorded when that ends."
    # Before a job was added, it was not due; before the first of other versions, who knows.
    # A clock that was set back may have made a later one begin sooner.
    first = min(version.since for version in versions)
    floor = _BEGINNING if versions[0].change is Change.ADDED else first
    if removed is not None:
        floor = max(floor, removed + TICK)
    return Subject(
        versions[-1].job_id,
        versions[-1].name,
        Timeline.of(versions),
        floor,
        open_from=None if job is None else job.next_due,
        open_why=why,
    )


def _of_nobody(ids: list[str], period: Verdict, session: Session) -> list[Finding]:
    """Rows of jobs that there never were, as far as that is known."""
    since = session.job_history.kept_since()
    start = period.start if since is None else max(period.start, since)
    why = "No job with this id is known."
    known = session.job_history.of_several(ids)
    return [
        Finding(Kind.UNEXPLAINED, job_id, "", row.due, row.last, 1, why, row.execution_id)
        for job_id in ids
        if job_id not in known
        for row in session.instants.covering(job_id, start, period.end)
    ]


def _abandoned(now: datetime, wanted: str | None, session: Session) -> list[Finding]:
    """Runs of this machine that are recorded as going on, and have no process."""
    found = []
    for run in session.executions.in_state(State.RUNNING, State.STOPPING):
        if wanted in (None, run.job_id, run.job_name) and _is_abandoned(run, now):
            at = run.due or run.scheduled_at
            why = f"It is {run.state}, and no process of it is there."
            job = (run.job_id, run.job_name)
            found.append(Finding(Kind.UNEXPLAINED, *job, at, at, 1, why, run.id))
    return found


def _is_abandoned(run: Execution, now: datetime) -> bool:
    if run.hostname != platform.node() or now - run.updated_at < _RECORDING:
        return False
    here = run.boot_id == boot_id() and run.pid is not None
    return not here or start_time(run.pid or 0) != run.pid_started
