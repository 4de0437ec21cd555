"""What carries a database of an earlier revision to the present one, change by change.

MySQL commits each change of a table by itself. So each one here can tell whether it was made, and
a start that is cut off anywhere is completed by the next one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Inspector,
    Select,
    String,
    Table,
    and_,
    case,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy import literal as value
from sqlalchemy.schema import CreateColumn
from sqlalchemy.types import TypeEngine

from botsched.domain.clock import system_clock
from botsched.store.jobhistory import KEPT_SINCE
from botsched.store.outcomes import all_noted, note_first
from botsched.store.schema import Schema
from botsched.store.types import Instant


class Change(Protocol):
    """One change; ``str`` says it in words."""

    def is_made(self, connection: Connection, found: Inspector) -> bool:
        """Whether there is nothing to do. A table that is not there yet will be made complete."""

    def make(self, connection: Connection) -> None:
        """Do it; all tables are there."""


def all_changes(schema: Schema) -> list[tuple[int, Change]]:
    """Every change since the first revision, in order, with the revision that brought it."""
    return [
        *_added(2, schema.jobs, "rules", "paused_until", "keep_days", "keep_count", "look_at"),
        *_added(2, schema.jobs, "since"),
        *_added(2, schema.executions, "attempt", "retry_of", "caused_by", "not_before", "token"),
        (2, FirstVersions(schema)),
        (2, FirstLooks(schema.jobs)),
        *_added(3, schema.jobs, "tags", "notes", "last_state", "last_execution", "last_at"),
        *_added(3, schema.executions, "progress", "progress_text"),
        *_added(3, schema.audit, "changes"),
        (3, FirstOutcomes(schema)),
        *_added(4, schema.jobs, "managed_by"),
        *((4, WidenedColumn(column.table, column)) for column in _job_ids(schema)),
        *_added(5, schema.outbox, "job_id", "kind", "why", "audience", "rule", "thread"),
        *_added(5, schema.outbox, "held_until", "digest_id", "resent_of", "requeued_at"),
        *_added(5, schema.outbox, "subject", "log"),
        (5, JobsOfMails(schema)),
    ]


def _added(revision: int, table: Table, *names: str) -> list[tuple[int, Change]]:
    return [(revision, AddedColumn(table, table.c[name])) for name in names]


def _job_ids(schema: Schema) -> list[Column[Any]]:
    """The columns that hold ids of jobs, which were all of 32 characters once."""
    return [
        schema.jobs.c.id,
        schema.job_history.c.job_id,
        schema.executions.c.job_id,
        schema.removed.c.job_id,
        schema.audit.c.job_id,
    ]


@dataclass(frozen=True, slots=True)
class AddedColumn:
    """A column that is new in a table: null in the rows there are, or of its constant default."""

    table: Table
    column: Column[Any]

    def __str__(self) -> str:
        return f"add the column {self.column.name} to the table {self.table.name}"

    def is_made(self, connection: Connection, found: Inspector) -> bool:  # noqa: ARG002
        """Whether the table has it."""
        if not found.has_table(self.table.name):
            return True
        present = found.get_columns(self.table.name)
        return self.column.name in {column["name"] for column in present}

    def make(self, connection: Connection) -> None:
        """Add it; no row is written anew."""
        table = connection.dialect.identifier_preparer.format_table(self.table)
        column = CreateColumn(self.column).compile(dialect=connection.dialect)
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column}")


@dataclass(frozen=True, slots=True)
class WidenedColumn:
    """A column that takes longer texts; SQLite takes texts of any length anywhere."""

    table: Table
    column: Column[Any]

    def __str__(self) -> str:
        return f"widen the column {self.column.name} of the table {self.table.name}"

    def is_made(self, connection: Connection, found: Inspector) -> bool:
        """Whether it is as long as it should be."""
        if connection.dialect.name == "sqlite" or not found.has_table(self.table.name):
            return True
        types = {each["name"]: each["type"] for each in found.get_columns(self.table.name)}
        return _length(types[self.column.name]) >= _length(self.column.type)

    def make(self, connection: Connection) -> None:
        """Widen it. MySQL writes the table anew, PostgreSQL notes the new length only."""
        dialect = connection.dialect
        table = dialect.identifier_preparer.format_table(self.table)
        if dialect.name == "mysql":
            change = f"MODIFY COLUMN {CreateColumn(self.column).compile(dialect=dialect)}"
        else:
            kind = self.column.type.compile(dialect=dialect)
            change = f"ALTER COLUMN {self.column.name} TYPE {kind}"
        connection.exec_driver_sql(f"ALTER TABLE {table} {change}")


def _length(kind: TypeEngine[Any]) -> int:
    assert isinstance(kind, String)
    return kind.length or 0


@dataclass(frozen=True, slots=True)
class FirstVersions:
    """A version of each job that has none: as it is now, from the first instant still to decide.

    When it was due before that is not known.
    """

    schema: Schema

    def __str__(self) -> str:
        return "write down the present schedule of each job, so that it can be verified"

    def is_made(self, connection: Connection, found: Inspector) -> bool:
        """Whether every job has a version."""
        if not found.has_table(self.schema.jobs.name):
            return True
        if not found.has_table(self.schema.job_history.name):
            return False
        query = select(self.schema.jobs.c.id).where(self._has_none()).limit(1)
        return connection.execute(query).first() is None

    def make(self, connection: Connection) -> None:
        """Write them."""
        history, meta = self.schema.job_history, self.schema.meta
        now = system_clock()
        names = [column.name for column in history.columns]
        connection.execute(insert(history).from_select(names, self._present(now)))
        connection.execute(delete(meta).where(meta.c.name == KEPT_SINCE))
        connection.execute(insert(meta), {"name": KEPT_SINCE, "value": now.isoformat()})

    def _present(self, now: datetime) -> Select[Any]:
        job = self.schema.jobs.c
        at = value(now, Instant)
        since = case((job.next_due < at, job.next_due), else_=at)
        return select(
            job.id, job.version, value("migrated"), value(""), at, since, job.name, job.schedule,
            job.paused_at.is_not(None),
        ).where(self._has_none())  # fmt: skip

    def _has_none(self) -> Any:
        history = self.schema.job_history
        return ~exists().where(history.c.job_id == self.schema.jobs.c.id)


@dataclass(frozen=True, slots=True)
class FirstLooks:
    """When each job is to be looked at: when it is due, unless something keeps it from running."""

    jobs: Table

    def __str__(self) -> str:
        return "note when each job is to be looked at"

    def is_made(self, connection: Connection, found: Inspector) -> bool:
        """Whether it is noted of all jobs."""
        if not found.has_table(self.jobs.name):
            return True
        present = found.get_columns(self.jobs.name)
        if self.jobs.c.look_at.name not in {column["name"] for column in present}:
            return False
        query = select(self.jobs.c.id).where(self._lacks()).limit(1)
        return connection.execute(query).first() is None

    def make(self, connection: Connection) -> None:
        """Note it."""
        values = {"look_at": self.jobs.c.next_due}
        connection.execute(update(self.jobs).where(self._lacks()).values(values))

    def _lacks(self) -> ColumnElement[bool]:
        job = self.jobs.c
        return and_(job.look_at.is_(None), job.paused_at.is_(None), job.next_due.is_not(None))


@dataclass(frozen=True, slots=True)
class FirstOutcomes:
    """The last outcome of each job, from the executions there are."""

    schema: Schema

    def __str__(self) -> str:
        return "note the last outcome of each job"

    def is_made(self, connection: Connection, found: Inspector) -> bool:
        """Whether it is noted of all jobs that have one."""
        jobs, executions = self.schema.jobs, self.schema.executions
        if not found.has_table(jobs.name) or not found.has_table(executions.name):
            return True
        present = found.get_columns(jobs.name)
        if jobs.c.last_at.name not in {column["name"] for column in present}:
            return False
        return all_noted(connection, jobs, executions)

    def make(self, connection: Connection) -> None:
        """Note it."""
        note_first(connection, self.schema.jobs, self.schema.executions)


@dataclass(frozen=True, slots=True)
class JobsOfMails:
    """The job of each mail, from its execution."""

    schema: Schema

    def __str__(self) -> str:
        return "note the job of each mail"

    def is_made(self, connection: Connection, found: Inspector) -> bool:
        """Whether it is noted of all mails whose execution there is."""
        mails, executions = self.schema.outbox, self.schema.executions
        if not found.has_table(mails.name) or not found.has_table(executions.name):
            return True
        present = found.get_columns(mails.name)
        if not {"job_id", "kind"} <= {column["name"] for column in present}:
            return False
        known = exists().where(executions.c.id == mails.c.execution_id)
        query = select(mails.c.id).where(self._lacks(), known).limit(1)
        return connection.execute(query).first() is None

    def make(self, connection: Connection) -> None:
        """Note it."""
        mails, run = self.schema.outbox, self.schema.executions.c
        job_id = select(run.job_id).where(run.id == mails.c.execution_id).scalar_subquery()
        connection.execute(update(mails).where(self._lacks()).values(job_id=job_id))

    def _lacks(self) -> ColumnElement[bool]:
        mail = self.schema.outbox.c
        return and_(mail.job_id.is_(None), mail.kind == "run")
