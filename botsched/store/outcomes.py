"""The last outcome of each job, kept beside it so that a list of jobs need not look for it."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    exists,
    select,
    update,
)

from botsched.domain.execution import OUTCOMES, Execution, State
from botsched.domain.outcome import Glance
from botsched.store.statements import portions


class Outcomes:
    """Columns of the table of jobs that are written with the ends of executions."""

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


def note_first(connection: Connection, jobs: Table, executions: Table) -> None:
    """Note the last outcome of each job that has one, and none noted."""
    columns, ended = jobs.c, executions.c
    latest = _outcomes(jobs, executions).order_by(ended.updated_at.desc(), ended.id.desc()).limit(1)
    unnoted = columns.last_execution.is_(None)
    statement = update(jobs).where(unnoted).values(last_execution=latest.scalar_subquery())
    connection.execute(statement)

    def noted(column: ColumnElement[Any]) -> Any:
        query = select(column).where(ended.id == columns.last_execution).correlate(jobs)
        return query.scalar_subquery()

    half = and_(columns.last_state.is_(None), ~unnoted)
    values = {"last_state": noted(ended.state), "last_at": noted(ended.updated_at)}
    connection.execute(update(jobs).where(half).values(values))


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
