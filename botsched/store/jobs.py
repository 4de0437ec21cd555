"""The table of jobs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from botsched.domain.execution import State
from botsched.domain.job import Arguments, Job, JobPolicy
from botsched.domain.jobversion import Change, JobVersion
from botsched.domain.paging import BY_NAME, JobFilter, JobOrder, Page, Paging
from botsched.errors import NotFoundError
from botsched.store.jobhistory import JobHistory
from botsched.store.joblist import matching, ordering
from botsched.store.jobrows import job_of, parked_until, values_of
from botsched.store.knownjobs import Head, KnownJobs
from botsched.store.outcomes import note_first
from botsched.store.paging import fetch_page
from botsched.store.statements import by_id, by_id_for_change, portions
from botsched.store.text import containing

_TICK = timedelta(microseconds=1)


class Governing(NamedTuple):
    """The rules of a job; how it ended last, in which execution, and when."""

    policy: JobPolicy
    last_state: State | None
    last_execution: str | None
    last_at: datetime | None


class Jobs:
    """Jobs as rows. Each change by a ``user``, empty for the program, goes into the history."""

    def __init__(
        self,
        connection: Connection,
        table: Table,
        executions: Table,
        history: JobHistory,
        known: KnownJobs,
    ) -> None:
        self._connection = connection
        self._table = table
        self._executions = executions
        self._history = history
        self._known = known

    def add(self, job: Job, user: str = "") -> Job:
        """Store a new job, and give it back as it is stored.

        With the id of a job that was deleted, it goes on with that one's versions and outcomes.
        Raises DuplicateError when there is one with its id.
        """
        since = job.created_at + _TICK
        if job.next_due is not None:
            since = min(since, job.next_due)
        last = self._history.last(job.id)
        if last is not None:
            job = replace(job, version=last.version + 1)
            if last.since > since:  # the clock was set back, and later instants have their fates
                since = last.since
                job = replace(job, next_due=job.schedule.next_after(since - _TICK))
        self._connection.execute(insert(self._table), values_of(replace(job, since=since)))
        self._history.add(JobVersion.of(job, Change.ADDED, user, job.created_at, since))
        if last is not None:
            note_first(self._connection, self._table, self._executions, job.id)
        return job

    def get(self, job_id: str) -> Job:
        """One job. Raises NotFoundError."""
        return self._get(by_id(self._table), job_id)

    def governing(self, job_id: str) -> Governing | None:
        """What holds for the runs of a job; None when it was deleted."""
        row = self._connection.execute(by_id(self._table), {"key": job_id}).one_or_none()
        if row is None:
            return None
        last = None if row.last_state is None else State(row.last_state)
        return Governing(job_of(row).policy, last, row.last_execution, row.last_at)

    def get_for_change(self, job_id: str) -> Job:
        """The same, as no other server changes it before this transaction ends."""
        return self._get(by_id_for_change(self._table), job_id)

    def find(self, wanted: JobFilter, paging: Paging, sorting: JobOrder = BY_NAME) -> Page[Job]:
        """Jobs in this order. Not for use within a transaction that writes."""
        columns = self._table.c
        order = ordering(sorting, self._table)
        query = select(
            columns.id,
            columns.version,
            columns.created_at,
            columns.next_due,
            columns.look_at,
            order.columns[0],
        ).where(matching(wanted, self._table, self._executions))
        page = fetch_page(self._connection, query, order, paging, _head)
        return Page(self._known.complete(page.items, self.by_ids), page.next_cursor)

    def count_of(self, wanted: JobFilter) -> int:
        """How many such jobs there are."""
        condition = matching(wanted, self._table, self._executions)
        query = select(func.count()).select_from(self._table).where(condition)
        return self._connection.execute(query).scalar_one()

    def tag_counts(self) -> dict[str, int]:
        """How many jobs bear each tag, by tag."""
        column = self._table.c.tags
        query = select(column, func.count()).where(column.is_not(None)).group_by(column)
        counts: Counter[str] = Counter()
        for tags, count in self._connection.execute(query):
            counts.update(dict.fromkeys(tags, count))
        return dict(sorted(counts.items()))

    def by_ids(self, ids: Iterable[str]) -> dict[str, Job]:
        """Those of these jobs that exist."""
        found: dict[str, Job] = {}
        for some in portions(ids):
            query = select(self._table).where(self._table.c.id.in_(some))
            found |= {row.id: job_of(row) for row in self._connection.execute(query)}
        return found

    def all(self) -> dict[str, Job]:
        """All jobs, by id, in the order of their names."""
        columns = self._table.c
        query = select(self._table).order_by(columns.name, columns.id)
        return {row.id: job_of(row) for row in self._connection.execute(query)}

    def mentioning(self, text: str) -> list[Job]:
        """Jobs in whose rules this text stands, by name."""
        columns = self._table.c
        query = select(self._table).where(containing(text, columns.rules))
        return [job_of(row) for row in self._connection.execute(query.order_by(columns.name))]

    def due(self, now: datetime) -> list[Job]:
        """Jobs to be looked at, the most urgent first."""
        columns = self._table.c
        query = select(self._table).where(columns.look_at <= now).order_by(columns.look_at)
        return [job_of(row) for row in self._connection.execute(query)]

    def behind(self, now: datetime) -> list[Job]:
        """Jobs with instants up to now whose fate is not recorded, or whose pause has ended.

        Those that are still paused are left out. No other server changes them before this
        transaction ends.
        """
        columns = self._table.c
        unpaused = and_(columns.next_due <= now, columns.paused_at.is_(None))
        query = select(self._table).where(or_(unpaused, columns.paused_until <= now))
        query = query.order_by(columns.id).with_for_update()
        return [job_of(row) for row in self._connection.execute(query)]

    def not_due_until(self, moment: datetime) -> list[Job]:
        """Jobs that are due, or whose version decides, only after then; or never any more."""
        columns = self._table.c
        late = or_(columns.next_due > moment, columns.next_due.is_(None), columns.since > moment)
        return [job_of(row) for row in self._connection.execute(select(self._table).where(late))]

    def upcoming(self, until: datetime, limit: int) -> list[str]:
        """The ids of jobs that are to be looked at by then and are not paused, the next first."""
        columns = self._table.c
        query = select(columns.id).where(columns.look_at <= until, columns.paused_at.is_(None))
        query = query.order_by(columns.look_at).limit(limit)
        return list(self._connection.execute(query).scalars())

    def count(self) -> int:
        """How many jobs there are."""
        return self._connection.execute(select(func.count()).select_from(self._table)).scalar_one()

    def class_counts(self) -> dict[str, int]:
        """How many jobs there are of each class, by name."""
        column = self._table.c.job_class
        query = select(column, func.count()).group_by(column).order_by(column)
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def arguments_but_of(self, job_classes: list[str]) -> Iterator[tuple[str, str, str, Arguments]]:
        """Id, name, class and arguments of the jobs of all other classes, by name."""
        columns = self._table.c
        query = select(columns.id, columns.name, columns.job_class, columns.arguments)
        query = query.where(columns.job_class.not_in(job_classes)).order_by(columns.name)
        return (tuple(row) for row in self._connection.execute(query))

    def next_due(self) -> datetime | None:
        """When a job is to be looked at next."""
        query = select(func.min(self._table.c.look_at))
        return self._connection.execute(query).scalar_one_or_none()

    def standings(self, ids: Iterable[str]) -> dict[str, tuple[int, datetime | None]]:
        """``version`` and ``next_due``, as they are now, of those of these jobs that exist.

        No other server changes them before this transaction ends.
        """
        columns = self._table.c
        found: dict[str, tuple[int, datetime | None]] = {}
        for some in portions(ids):
            query = select(columns.id, columns.version, columns.next_due).where(
                columns.id.in_(some)
            )
            query = query.order_by(columns.id).with_for_update()
            found |= {row[0]: (row[1], row[2]) for row in self._connection.execute(query)}
        return found

    def _get(self, query: Select[Any], job_id: str) -> Job:
        row = self._connection.execute(query, {"key": job_id}).one_or_none()
        if row is None:
            raise NotFoundError("job", job_id)
        return job_of(row)

    def set_next_due(
        self,
        moments: dict[str, datetime | None],
        parked: Mapping[str, datetime] = MappingProxyType({}),
    ) -> None:
        """Move jobs that are not paused on, once the fates up to then are recorded.

        Those that are ``parked`` are not looked at until the moment given there.
        """
        if moments:
            statement = (
                update(self._table)
                .where(self._table.c.id == bindparam("job"))
                .values(next_due=bindparam("moment"), look_at=bindparam("look"))
            )
            rows = [
                {"job": job_id, "moment": moment, "look": parked.get(job_id, moment)}
                for job_id, moment in moments.items()
            ]
            self._connection.execute(statement, rows)

    def look_again(self, later: datetime | None = None) -> None:
        """Look at jobs when they are due, those that were parked, too (until ``later`` than that).

        Whoever looks at them will see what keeps them from being run.
        """
        columns = self._table.c
        parked = and_(columns.paused_at.is_(None), columns.look_at != columns.next_due)
        if later is not None:
            parked = and_(parked, columns.look_at > later)
        self._connection.execute(update(self._table).where(parked).values(look_at=columns.next_due))

    def replace(self, job: Job, user: str = "") -> None:
        """Store a job in place of the row with its id, as a new version changed at ``updated_at``.

        Instants up to then have been settled. Raises NotFoundError.
        """
        before = self.get(job.id)
        at = job.updated_at
        change = Change.MODIFIED
        if job.paused != before.paused:
            change = Change.PAUSED if job.paused else Change.RESUMED
        self._put(job, change, user, before.settled_until(at) + _TICK)

    def begin_anew(self, job: Job, moment: datetime) -> None:
        """Store a job in place of its row, as a new version that decides after a moment.

        For a clock that was ahead: whatever was recorded later than that has been released.
        """
        self._put(job, Change.SET_BACK, "", moment + _TICK)

    def _put(self, job: Job, change: Change, user: str, since: datetime) -> None:
        statement = update(self._table).where(self._table.c.id == job.id)
        self._connection.execute(statement, values_of(replace(job, since=since)))
        self._history.add(JobVersion.of(job, change, user, job.updated_at, since))

    def delete(self, job_id: str, at: datetime, user: str = "") -> None:
        """Remove a job, whose instants up to then have been settled. Raises NotFoundError."""
        job = self.get(job_id)
        self._connection.execute(delete(self._table).where(self._table.c.id == job_id))
        last = replace(job, version=job.version + 1)
        since = job.settled_until(at) + _TICK
        self._history.add(JobVersion.of(last, Change.DELETED, user, at, since))


def _head(row: Row[Any]) -> Head:
    job_id, version, created_at, next_due, look_at, _ = tuple(row)
    return job_id, version, created_at, next_due, parked_until(next_due, look_at)
