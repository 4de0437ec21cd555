"""The last outcome of each job, kept beside it so that a list of jobs need not look for it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    exists,
    or_,
    select,
    true,
    union_all,
    update,
)

from botsched.domain.execution import OUTCOMES, Execution, State
from botsched.domain.outcome import Glance
from botsched.store.statements import portions


class Outcomes:
    """Columns of the table of jobs that are written with the ends of executions; the last runs."""

    def __init__(self, connection: Connection, jobs: Table, executions: Table) -> None:
        self._connection = connection
        self._jobs = jobs
        self._executions = executions

    def note(self, execution_id: str, state: State, at: datetime) -> None:
        """Note the end of an execution, if it tells how its job fares."""
        if state in OUTCOMES:
            values = {"key": execution_id, "state": state, "at": at}
            self._connection.execute(_noting(self._jobs, self._executions), values)

    def note_all(self, executions: list[Execution]) -> None:
        """The same of several that may have ended, in this order."""
        for row in executions:
            self.note(row.id, row.state, row.ended_at or row.updated_at)

    def note_newest(self, executions: Iterable[Execution]) -> None:
        """Note those that are newer than what is noted of their jobs; they come in any order."""
        telling = [each for each in executions if each.state in OUTCOMES]
        telling.sort(key=lambda each: (each.updated_at, each.id))
        newest = {each.job_id: each for each in telling}
        rows = [
            {"job": job_id, "key": run.id, "state": run.state, "at": run.updated_at}
            for job_id, run in sorted(newest.items())
        ]
        if rows:
            self._connection.execute(_noting_newer(self._jobs), rows)

    def last(self, job_ids: Iterable[str]) -> dict[str, Glance]:
        """The last outcome of those of these jobs that have one."""
        job, run = self._jobs.c, self._executions.c
        query = select(
            job.id, job.last_execution, job.last_state, job.last_at, run.started_at, run.ended_at
        ).outerjoin_from(self._jobs, self._executions, run.id == job.last_execution)
        query = query.where(job.last_state.is_not(None))
        found: dict[str, Glance] = {}
        for some in portions(job_ids):
            for job_id, *seen in self._connection.execute(query.where(job.id.in_(some))):
                found[job_id] = _glance(*seen)
        return found

    def runs(self, job_ids: list[str], count: int) -> dict[str, list[Glance]]:
        """The last executions of these jobs, the newest update first, whatever their state."""
        found: dict[str, list[Glance]] = {job_id: [] for job_id in job_ids}
        for some in _fifties(job_ids):
            statement = _strips(self._executions, len(some), count)
            names = {f"job{number}": job_id for number, job_id in enumerate(some)}
            for job_id, *seen in self._connection.execute(statement, names):
                found[job_id].append(_glance(*seen))
        for glances in found.values():  # which the union of them need not be
            glances.sort(key=lambda each: (each.at, each.execution_id), reverse=True)
        return found


def _fifties(ids: list[str]) -> Iterator[list[str]]:
    return (ids[start : start + 50] for start in range(0, len(ids), 50))


@lru_cache(maxsize=64)
def _strips(executions: Table, jobs: int, count: int) -> CompoundSelect[Any]:
    """The rows of each job by themselves: so each takes no more of the index than it needs."""
    run = executions.c
    each = (
        select(run.job_id, run.id, run.state, run.updated_at, run.started_at, run.ended_at)
        .where(run.job_id == bindparam(f"job{number}"))
        .order_by(run.updated_at.desc(), run.id.desc())
        .limit(count)
        .subquery()
        for number in range(jobs)
    )
    return union_all(*(select(rows) for rows in each))


def _glance(
    execution_id: str,
    state: str,
    at: datetime,
    started_at: datetime | None,
    ended_at: datetime | None,
) -> Glance:
    seconds = None
    if started_at is not None and ended_at is not None:
        seconds = (ended_at - started_at).total_seconds()
    return Glance(execution_id, State(state), at, seconds)


@lru_cache
def _noting(jobs: Table, executions: Table) -> Update:
    """Made once, as it runs for every execution."""
    job_id = select(executions.c.job_id).where(executions.c.id == bindparam("key"))
    return (
        update(jobs)
        .where(jobs.c.id == job_id.scalar_subquery())
        .values(
            last_state=bindparam("state"), last_execution=bindparam("key"), last_at=bindparam("at")
        )
    )


@lru_cache
def _noting_newer(jobs: Table) -> Update:
    column, at = jobs.c, bindparam("at", type_=jobs.c.last_at.type)
    older = or_(column.last_at.is_(None), column.last_at < at)
    values = {"last_state": bindparam("state"), "last_execution": bindparam("key"), "last_at": at}
    return update(jobs).where(column.id == bindparam("job"), older).values(values)


def note_first(
    connection: Connection, jobs: Table, executions: Table, job_id: str | None = None
) -> None:
    """Note the last outcome of each job, or of one, that has one, and none noted."""
    columns, ended = jobs.c, executions.c
    latest = _outcomes(jobs, executions).order_by(ended.updated_at.desc(), ended.id.desc()).limit(1)
    unnoted = columns.last_execution.is_(None)
    wanted = true() if job_id is None else columns.id == job_id
    statement = update(jobs).where(wanted, unnoted).values(last_execution=latest.scalar_subquery())
    connection.execute(statement)

    def noted(column: ColumnElement[Any]) -> Any:
        query = select(column).where(ended.id == columns.last_execution).correlate(jobs)
        return query.scalar_subquery()

    half = and_(columns.last_state.is_(None), ~unnoted)
    values = {"last_state": noted(ended.state), "last_at": noted(ended.updated_at)}
    connection.execute(update(jobs).where(wanted, half).values(values))


def all_noted(connection: Connection, jobs: Table, executions: Table) -> bool:
    """Whether no job has an outcome, and none noted."""
    query = select(jobs.c.id).where(jobs.c.last_state.is_(None))
    query = query.where(exists(_outcomes(jobs, executions))).limit(1)
    return connection.execute(query).first() is None


def _outcomes(jobs: Table, executions: Table) -> Select[Any]:
    """The executions of a job that tell how it fares."""
    ended = executions.c
    query = select(ended.id).where(ended.job_id == jobs.c.id)
    return query.where(ended.state.in_(sorted(OUTCOMES))).correlate(jobs)
