"""All that is in a database, row by row, to be taken over by another one of any kind."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from botsched.domain.execution import Cause, State
from botsched.store.jobhistory import KEPT_SINCE
from botsched.store.outcomes import Outcomes
from botsched.store.schema import REVISION, Schema
from botsched.store.types import Instant

Progress = Callable[[str, int, int], None]
"""Told what is copied, how many rows are done, and how many there are."""

_BATCH: Final = 500
_COPIED: Final = {
    "jobs": ("job", "jobs"),
    "job_history": ("version of a job", "versions of jobs"),
    "executions": ("execution", "executions"),
    "output": ("piece of output", "pieces of output"),
    "removed": ("limit of the record", "limits of the record"),
    "outbox": ("mail", "mails"),
    "audit": ("line of the audit log", "lines of the audit log"),
    "files": ("data file", "data files"),
    "controls": ("control", "controls"),
}
"""The tables that are copied, with words for one row and for several.

A lease is not: it is of the servers on one database."""

_REASON: Final = "It was running when the backup was made that was restored."


class Contents:
    """The rows of all tables, as the drivers have them: what they mean does not matter here."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._connection = connection
        self._schema = schema

    def make_tables(self) -> None:
        """Make all tables in an empty database, without indexes."""
        for table in self._schema.metadata.sorted_tables:
            _plain(table).create(self._connection)
        values = {"name": "revision", "value": str(REVISION)}
        self._connection.execute(insert(self._schema.meta), values)

    def is_empty(self) -> bool:
        """Whether there is nothing that a user would miss; tables need not be there."""
        present = set(inspect(self._connection).get_table_names())
        return not any(
            self._connection.execute(select(next(iter(table.columns))).limit(1)).first()
            for table in self._tables().values()
            if table.name in present
        )

    def clear(self) -> None:
        """Delete all that may be copied."""
        for table in self._tables().values():
            self._delete_all(table)
        kept = self._schema.meta.c.name == KEPT_SINCE
        self._connection.execute(delete(self._schema.meta).where(kept))

    def take_over(self, source: "Contents", progress: Progress) -> None:
        """Add all that is in the source, whatever its tables are called."""
        for name, table in self._tables().items():
            total, done = source.count(name), 0
            statement = self._insertion(table)
            for rows in source.portions(name):
                self._connection.exec_driver_sql(statement, rows)
                done += len(rows)
                progress(_COPIED[name][total != 1], done, total)
        if kept := source.kept_since():
            self._connection.execute(insert(self._schema.meta), kept)

    def end_what_ran(self, now: datetime) -> None:
        """Have no run be open whose process is that of another server, and may still be there."""
        run = self._schema.executions
        ran = run.c.state.in_([State.RUNNING, State.STOPPING])
        ids = list(self._connection.execute(select(run.c.id).where(ran)).scalars())
        values: dict[str, Any] = {"state": State.LOST, "cause": Cause.CRASH, "reason": _REASON}
        values |= {"updated_at": now, "ended_at": now}
        self._connection.execute(update(run).where(ran), values)
        outcomes = Outcomes(self._connection, self._schema.jobs, run)
        for execution_id in ids:
            outcomes.note(execution_id, State.LOST, now)

    def count(self, name: str) -> int:
        """How many rows one of the tables has."""
        query = select(func.count()).select_from(self._tables()[name])
        return int(self._connection.execute(query).scalar_one())

    def portions(self, name: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of one of the tables, some at a time."""
        query = select(_plain(self._tables()[name]))
        found = self._connection.execute(query, execution_options={"yield_per": _BATCH})
        while some := [tuple(map(_value, row)) for row in islice(found, _BATCH)]:
            yield some

    def kept_since(self) -> dict[str, Any] | None:
        """The row that says since when versions of jobs are kept."""
        query = select(self._schema.meta).where(self._schema.meta.c.name == KEPT_SINCE)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else dict(row)

    def _tables(self) -> dict[str, Table]:
        return {name: getattr(self._schema, name) for name in _COPIED}

    def _insertion(self, table: Table) -> str:
        """Given to the driver as it is, which is done in a third of the time."""
        prepare = self._connection.dialect.identifier_preparer
        names = ", ".join(prepare.format_column(column) for column in table.columns)
        mark = "?" if self._connection.dialect.paramstyle == "qmark" else "%s"
        marks = ", ".join(mark for _ in table.columns)
        return f"INSERT INTO {prepare.format_table(table)} ({names}) VALUES ({marks})"  # noqa: S608

    def _delete_all(self, table: Table) -> None:
        """In portions: the driver of MySQL does not wait for long for an answer."""
        key = next(iter(table.primary_key.columns))
        middle = select(key).order_by(key).offset(10 * _BATCH).limit(1)
        while (place := self._connection.execute(middle).scalar_one_or_none()) is not None:
            self._connection.execute(delete(table).where(key <= place))
        self._connection.execute(delete(table))


def _plain(table: Table) -> Table:
    """The same table for values as the driver has them, without its indexes."""
    columns = (
        Column(
            column.name,
            _plain_type(column.type),
            primary_key=column.primary_key,
            nullable=column.nullable,
            autoincrement=False,
        )
        for column in table.columns
    )
    return Table(table.name, MetaData(), *columns)


def _plain_type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """Instants are texts in SQLite, and left as they are."""
    if isinstance(kind, Instant):
        return kind.impl_instance.with_variant(String(26), "sqlite")
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _value(value: Any) -> Any:
    """A value as every driver takes it."""
    return value.isoformat(" ", "microseconds") if isinstance(value, datetime) else value
