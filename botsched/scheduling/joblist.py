"""Jobs as lists show them: some of many, with how they fare."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from botsched.domain.execution import Execution, State
from botsched.domain.job import Job
from botsched.domain.outcome import Glance
from botsched.domain.paging import BY_NAME, JobFilter, JobOrder, Page, Paging
from botsched.store.session import Session
from botsched.store.store import Store

RUNS: Final = 20
"""How many of the last runs of a job are shown beside it."""


class Extra(StrEnum):
    """What may be asked for beside each job."""

    LAST = "last"
    RUNS = "runs"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which jobs are wanted, in which order, how many, and what beside them."""

    filter: JobFilter = field(default_factory=JobFilter)
    order: JobOrder = BY_NAME
    paging: Paging = field(default_factory=Paging)
    total: bool = False
    extras: frozenset[Extra] = frozenset()


@dataclass(frozen=True, slots=True)
class JobList:
    """A page of jobs; how many there are in all, and what is beside each, is None unasked."""

    page: Page[Job]
    total: int | None = None
    last: Mapping[str, Glance] | None = None
    runs: Mapping[str, list[Glance]] | None = None


class JobLists:
    """What is asked of many jobs at once. All raise StoreError when the database is away."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, wish: Wish) -> JobList:
        """A page of jobs. Raises InvalidError for a cursor of another list."""

        def operation(session: Session) -> JobList:
            page = session.jobs.find(wish.filter, wish.paging, wish.order)
            total = _total(session, wish, page) if wish.total else None
            return _with_extras(session, page, total, wish.extras)

        return self._store.read(operation)

    def get(self, job_id: str, extras: frozenset[Extra]) -> JobList:
        """A list of one job. Raises NotFoundError."""

        def operation(session: Session) -> JobList:
            return _with_extras(session, Page([session.jobs.get(job_id)]), None, extras)

        return self._store.read(operation)

    def last_started(self, job_ids: Iterable[str]) -> dict[str, Execution]:
        """The newest of the last runs of each of these jobs that was started, if there is one."""

        def operation(session: Session) -> dict[str, Execution]:
            runs = session.outcomes.runs(list(job_ids), RUNS).values()
            newest = [next(filter(_was_started, glances), None) for glances in runs]
            ids = [glance.execution_id for glance in newest if glance is not None]
            return {each.job_id: each for each in session.executions.by_ids(ids)}

        return self._store.read(operation)

    def tags(self) -> dict[str, int]:
        """How many jobs bear each tag, by tag."""
        return self._store.read(lambda session: session.jobs.tag_counts())


def _was_started(glance: Glance) -> bool:
    return glance.seconds is not None or glance.state in {State.RUNNING, State.STOPPING}


def _total(session: Session, wish: Wish, page: Page[Job]) -> int:
    """Counted only when the page does not tell."""
    whole = wish.paging.cursor is None and page.next_cursor is None
    if whole and (page.items or not wish.paging.offset):
        return wish.paging.offset + len(page.items)
    return session.jobs.count_of(wish.filter)


def _with_extras(
    session: Session, page: Page[Job], total: int | None, extras: frozenset[Extra]
) -> JobList:
    ids = [job.id for job in page.items]
    last = session.outcomes.last(ids) if Extra.LAST in extras else None
    runs = session.outcomes.runs(ids, RUNS) if Extra.RUNS in extras else None
    return JobList(page, total, last, runs)
