"""Executions as the record of due instants: only what tells which ones they cover."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, select

from botsched.domain.execution import Cause, State, fate_of
from botsched.domain.verification import Recorded

_BATCH = 2000


class Instants:
    """The table of executions, read along its index of jobs and instants."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table

    def covering(self, job_id: str, start: datetime, end: datetime) -> Iterator[Recorded]:
        """The rows of a job that cover a moment from ``start`` to ``end``, in order of instants.

        A row that began before ``start`` is found if it is the last that did. They are read some
        at a time, while they are taken.
        """
        columns = self._table.c
        mine = columns.job_id == job_id
        before = self._read(and_(mine, columns.due < start), columns.due.desc(), 1)
        yield from (row for row in before if row.last >= start)
        rows = self._read(and_(mine, columns.due >= start, columns.due <= end), columns.due, _BATCH)
        while rows:
            yield from rows
            if len(rows) < _BATCH:
                return
            following = and_(mine, columns.due > rows[-1].due, columns.due <= end)
            rows = self._read(following, columns.due, _BATCH)

    def job_ids(self, after: str, limit: int) -> list[str]:
        """Some of the jobs with executions, in order of their ids."""
        column = self._table.c.job_id
        query = select(column).where(column > after).distinct().order_by(column).limit(limit)
        return list(self._connection.execute(query).scalars())

    def _read(self, where: Any, order: Any, limit: int) -> list[Recorded]:
        columns = self._table.c
        query = select(
            columns.id, columns.due, columns.due_last, columns.due_count, columns.state,
            columns.cause, columns.scheduled_at, columns.started_at, columns.reason,
        )  # fmt: skip
        query = query.where(where).order_by(order).limit(limit)
        return [_recorded(*row) for row in self._connection.execute(query)]


def _recorded(
    id_: str,
    due: datetime,
    last: datetime | None,
    count: int,
    state: str,
    cause: str,
    scheduled_at: datetime,
    started_at: datetime | None,
    reason: str,
) -> Recorded:
    why = Cause(cause)
    fate = fate_of(State(state), why, scheduled_at, started_at)
    return Recorded(id_, due, last or due, count, fate, why, bool(reason.strip()))
