"""What changed lately, with no more of it than is needed to tell so."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, func, select

from botsched.domain.audit import Event
from botsched.domain.execution import State
from botsched.store.schema import Schema
from botsched.store.statements import portions


class Lately:
    """Small looks at several tables, each along an index."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._connection = connection
        self._executions = schema.executions.c
        self._audit = schema.audit.c
        self._output = schema.output.c

    def states(self, ids: list[str]) -> dict[str, tuple[str, State]]:
        """The job and the state of those of these executions that exist."""
        run = self._executions
        query = select(run.id, run.job_id, run.state)
        found: dict[str, tuple[str, State]] = {}
        for some in portions(ids):
            rows = self._rows(query.where(run.id.in_(some)))
            found |= {row.id: (row.job_id, State(row.state)) for row in rows}
        return found

    def last_update(self) -> datetime | None:
        """When an execution was updated last."""
        return self._newest(self._executions.updated_at)

    def executions(self, since: datetime, limit: int) -> dict[str, tuple[datetime, str]]:
        """Executions updated since then, by id: when, and their states. Not more than so many."""
        run = self._executions
        query = select(run.id, run.updated_at, run.state).where(run.updated_at >= since)
        rows = self._rows(query.order_by(run.updated_at).limit(limit))
        return {row.id: (row.updated_at, row.state) for row in rows}

    def progress(self) -> dict[str, tuple[int, float | None, str | None]]:
        """Of what runs, by id: how many bytes it printed, and what it said of its progress."""
        run = self._executions
        query = select(run.id, run.output_bytes, run.progress, run.progress_text)
        rows = self._rows(query.where(run.state.in_((State.RUNNING, State.STOPPING))))
        return {row.id: (row.output_bytes, row.progress, row.progress_text) for row in rows}

    def last_output(self, execution_id: str) -> int:
        """The number of the last piece of output; 0 when there is none."""
        number = self._output.sequence
        query = select(number).where(self._output.execution_id == execution_id)
        return self._connection.execute(query.order_by(number.desc()).limit(1)).scalar() or 0

    def last_event(self) -> datetime | None:
        """When something was done last that is in the audit log."""
        return self._newest(self._audit.created_at)

    def events(self, since: datetime, limit: int) -> dict[str, tuple[Event, str]]:
        """What was done since then, and to which job, by id. Not more than so many."""
        event = self._audit
        query = select(event.id, event.event, event.job_id).where(event.created_at >= since)
        rows = self._rows(query.order_by(event.created_at).limit(limit))
        return {row.id: (Event(row.event), row.job_id) for row in rows}

    def _newest(self, column: Column[datetime]) -> datetime | None:
        return self._connection.execute(select(func.max(column))).scalar()

    def _rows(self, query: Select[Any]) -> list[Row[Any]]:
        return list(self._connection.execute(query))
