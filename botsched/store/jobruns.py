"""The executions of one job in the order of their last updates: what stands around one of them."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, bindparam, or_, select

from botsched.domain.execution import UNSUCCESSFUL, Execution, State
from botsched.domain.mailhistory import Attempt
from botsched.store.executionrows import columns_without, execution_of

LOOKED_AT = 200
"""Executions that are looked through for those that succeeded."""


class JobRuns:
    """Reads only, a few rows at a time, through the index of a job's executions."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table

    def previous(self, execution: Execution) -> Execution | None:
        """The one before it, without its result and report."""
        columns = self._table.c
        return self._first(self._before(execution), columns.updated_at.desc(), columns.id.desc())

    def next(self, execution: Execution) -> Execution | None:
        """The one behind it, without its result and report."""
        at, key = self._table.c.updated_at, self._table.c.id
        later = or_(at > execution.updated_at, key > execution.id)
        behind = and_(at >= execution.updated_at, later)
        return self._first(and_(self._table.c.job_id == execution.job_id, behind), at, key)

    def durations_before(self, execution: Execution, count: int) -> list[float]:
        """How many seconds the last runs before it took that succeeded, at most ``count``."""
        columns = self._table.c
        query = (
            select(columns.state, columns.started_at, columns.ended_at)
            .where(self._before(execution))
            .order_by(columns.updated_at.desc(), columns.id.desc())
            .limit(LOOKED_AT)
        )
        took = [
            (ended - started).total_seconds()
            for state, started, ended in self._connection.execute(query)
            if state == State.SUCCEEDED and started is not None and ended is not None
        ]
        return took[:count]

    def last_good(self, execution: Execution) -> Execution | None:
        """The last one before it that succeeded, whole; None when none did lately."""
        columns = self._table.c
        query = select(columns.id, columns.state).where(self._before(execution))
        query = query.order_by(columns.updated_at.desc(), columns.id.desc()).limit(LOOKED_AT)
        rows = self._connection.execute(query)
        good = next((row.id for row in rows if row.state == State.SUCCEEDED), None)
        if good is None:
            return None
        row = self._connection.execute(select(self._table).where(columns.id == good)).first()
        return None if row is None else execution_of(row)

    def attempts(self, job_id: str, count: int) -> list[Attempt]:
        """The latest ones that ended well or badly, and all beyond a first, the newest first."""
        rows = self._connection.execute(_attempts(self._table), {"job": job_id, "count": count})
        return [
            Attempt(retry_of or key, number, State(state), at)
            for key, retry_of, number, state, at in rows
        ]

    def last_success(self, job_id: str, but: str) -> tuple[Any, Any] | None:
        """Report and result of the last one that succeeded, but for this one."""
        values = {"job": job_id, "key": but}
        row = self._connection.execute(_last_success(self._table), values).first()
        return None if row is None else (row.report, row.result)

    def _before(self, execution: Execution) -> ColumnElement[bool]:
        at, key = self._table.c.updated_at, self._table.c.id
        earlier = or_(at < execution.updated_at, key < execution.id)
        before = and_(at <= execution.updated_at, earlier)
        return and_(self._table.c.job_id == execution.job_id, before)

    def _first(
        self, wanted: ColumnElement[bool], *order: ColumnElement[object]
    ) -> Execution | None:
        query = select(*columns_without(self._table, "result", "report")).where(wanted)
        row = self._connection.execute(query.order_by(*order).limit(1)).first()
        return None if row is None else execution_of(row)


# Made once, as they may run for every execution.


@lru_cache
def _attempts(table: Table) -> Select[Any]:
    run = table.c
    query = select(run.id, run.retry_of, run.attempt, run.state, run.updated_at)
    telling = or_(run.state.in_(sorted(UNSUCCESSFUL | {State.SUCCEEDED})), run.attempt > 1)
    query = query.where(run.job_id == bindparam("job"), telling)
    return query.order_by(run.updated_at.desc(), run.id.desc()).limit(bindparam("count"))


@lru_cache
def _last_success(table: Table) -> Select[Any]:
    run = table.c
    query = select(run.report, run.result)
    query = query.where(run.job_id == bindparam("job"), run.state == State.SUCCEEDED)
    query = query.where(run.id != bindparam("key"))
    return query.order_by(run.updated_at.desc(), run.id.desc()).limit(1)
