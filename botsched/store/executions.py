"""The table of executions: the record of every due instant and every run."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Update,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from botsched.domain.execution import ACTIVE, FINAL, Execution, State, may_come_from
from botsched.domain.news import Notes, Topic
from botsched.domain.paging import ExecutionFilter, Page, Paging
from botsched.errors import ConflictError, NotFoundError
from botsched.store.elapsed import seconds_between
from botsched.store.executionrows import columns_without, execution_of, values_of
from botsched.store.outcomes import Outcomes
from botsched.store.paging import Order, fetch_page
from botsched.store.statements import by_id, insertion, portions
from botsched.store.text import containing


class Executions:
    """Executions as rows. A state changes only along the transitions of the domain.

    With each end, the last outcome of its job is noted.
    """

    def __init__(
        self,
        connection: Connection,
        table: Table,
        outcomes: Outcomes,
        notes: Notes,
        token: int | None = None,
    ) -> None:
        self._connection = connection
        self._table = table
        self._outcomes = outcomes
        self._notes = notes
        self._mark = {} if token is None else {"token": token}

    def add(self, executions: list[Execution]) -> None:
        """Record executions. Raises DuplicateError when an instant is recorded already."""
        if executions:
            rows = [values_of(execution) | self._mark for execution in executions]
            self._connection.execute(insertion(self._table), rows)
            self._outcomes.note_all(executions)
            for execution in executions:
                self._notes[Topic.EXECUTION, execution.id] = ""

    def get(self, execution_id: str) -> Execution:
        """One execution. Raises NotFoundError."""
        row = self._connection.execute(by_id(self._table), {"key": execution_id}).one_or_none()
        if row is None:
            raise NotFoundError("execution", execution_id)
        return execution_of(row)

    def find(
        self, wanted: ExecutionFilter, paging: Paging, *, results: bool = True
    ) -> Page[Execution]:
        """Executions, the newest update first, without their reports, and results if asked."""
        columns = self._table.c
        left_out = ("report",) if results else ("report", "result")
        query = select(*columns_without(self._table, *left_out))
        if wanted.job_id is not None:
            query = query.where(columns.job_id == wanted.job_id)
        if wanted.retry_of is not None:
            first = columns.id == wanted.retry_of
            query = query.where(or_(first, columns.retry_of == wanted.retry_of))
        if wanted.caused_by is not None:
            query = query.where(columns.caused_by == wanted.caused_by)
        either, sought = self._conditions(wanted)
        order = Order((columns.updated_at, columns.id), descending=True)
        return fetch_page(
            self._connection, query, order, paging, execution_of,
            begin=wanted.end, end=wanted.start, either=either, sought=sought,
        )  # fmt: skip

    def _conditions(
        self, wanted: ExecutionFilter
    ) -> tuple[list[ColumnElement[bool]], ColumnElement[bool] | None]:
        """Conditions that have an index each, and the one that is searched for."""
        columns = self._table.c
        either = [columns.state == state for state in sorted(wanted.states)]
        searched = []
        if wanted.text:
            texts = columns.job_name, columns.job_class, columns.arguments, columns.reason
            searched.append(containing(wanted.text, *texts))
        if wanted.causes:
            searched.append(columns.cause.in_(sorted(wanted.causes)))
        if wanted.user is not None:
            searched.append(columns.user == wanted.user)
        if wanted.manual is not None:
            by_hand = columns.user.is_not(None)
            searched.append(by_hand if wanted.manual else ~by_hand)
        if wanted.longer_than is not None:
            took = seconds_between(columns.started_at, columns.ended_at)
            searched.append(took > wanted.longer_than)
        if wanted.job_id is not None or (searched and len(either) > 1):
            searched += [or_(*either)] if either else []
            either = []
        return either, and_(*searched) if searched else None

    def in_state(self, *states: State) -> list[Execution]:
        """All executions in these states, in the order in which they were scheduled."""
        columns = self._table.c
        query = select(self._table).where(columns.state.in_(states))
        query = query.order_by(columns.scheduled_at, columns.id)
        return [execution_of(row) for row in self._connection.execute(query)]

    def ids_in_state(self, state: State) -> list[str]:
        """The ids of all executions in this state, in the order of their last updates."""
        columns = self._table.c
        query = select(columns.id).where(columns.state == state)
        return list(self._connection.execute(query.order_by(columns.updated_at)).scalars())

    def by_ids(self, ids: list[str], *left_out: str) -> list[Execution]:
        """Those of these executions that exist, in the order in which they were scheduled.

        Columns that are ``left_out`` are None.
        """
        columns = self._table.c
        rows: list[Execution] = []
        for some in portions(ids):
            query = select(*columns_without(self._table, *left_out)).where(columns.id.in_(some))
            rows.extend(execution_of(row) for row in self._connection.execute(query))
        return sorted(rows, key=lambda row: (row.scheduled_at, row.id))

    def caused_by(self, execution_id: str) -> list[Execution]:
        """What the end of an execution had recorded: the next attempt, and runs of other jobs."""
        columns = self._table.c
        query = select(self._table).where(columns.caused_by == execution_id)
        return [execution_of(row) for row in self._connection.execute(query.order_by(columns.id))]

    def active_counts(self, now: datetime) -> dict[str, int]:
        """How many executions of each job have not ended; jobs without any are left out.

        Those that wait for a moment to come are not counted: they stand in nobody's way.
        """
        columns = self._table.c
        query = (
            select(columns.job_id, func.count())
            .where(columns.state.in_(ACTIVE))
            .where(or_(columns.not_before.is_(None), columns.not_before <= now))
            .group_by(columns.job_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def move(self, execution_id: str, state: State, at: datetime, **changes: Any) -> bool:
        """Change the state; False, and nothing changed, when it may not follow the present one."""
        values = {"state": state, "updated_at": at} | self._mark | changes
        statement = _move_statement(self._table, state, tuple(values))
        moved = self._connection.execute(statement, values | {"key": execution_id}).rowcount == 1
        if moved:
            self._outcomes.note(execution_id, state, at)
            self._notes[Topic.EXECUTION, execution_id] = ""
        return moved

    def require_move(self, execution_id: str, state: State, at: datetime, **changes: Any) -> None:
        """The same. Raises ConflictError, or NotFoundError, when it cannot be."""
        if not self.move(execution_id, state, at, **changes):
            present = self.get(execution_id).state
            how = f"has ended ({present})" if present in FINAL else f"is {present} already"
            raise ConflictError(f"Execution {execution_id!r} {how}.")

    def amend(self, execution_id: str, changes: Mapping[str, Any]) -> None:
        """Add what became known about a run that goes on."""
        statement = _amend_statement(self._table, tuple(changes))
        self._connection.execute(statement, {**changes, "key": execution_id})
        if "progress" in changes:
            self._notes[Topic.EXECUTION, execution_id] = ""

    def shorten(
        self, execution_id: str, last: datetime, count: int, note: str, at: datetime
    ) -> None:
        """Let a row stand for its instants up to ``last`` only, ``count`` of them."""
        columns = self._table.c
        values = {
            "due_last": last if count > 1 else None,
            "due_count": count,
            "reason": func.trim(columns.reason + f" {note}"),
            "updated_at": at,
        }
        statement = update(self._table).where(columns.id == execution_id)
        self._connection.execute(statement.values(values | self._mark))

    def release(self, job_id: str, moment: datetime, note: str, at: datetime) -> None:
        """Let the rows of a job that are due later than a moment stand for no instant."""
        columns = self._table.c
        values = {
            "due": None,
            "due_last": None,
            "due_count": 1,
            "reason": func.trim(columns.reason + f" {note}"),
            "updated_at": at,
        }
        statement = update(self._table).where(columns.job_id == job_id, columns.due > moment)
        self._connection.execute(statement.values(values | self._mark))

    def existing(self, job_id: str, dues: Iterable[datetime]) -> set[datetime]:
        """Those of these instants of a job that are recorded already."""
        columns = self._table.c
        query = select(columns.due).where(columns.job_id == job_id, columns.due.in_(list(dues)))
        return set(self._connection.execute(query).scalars())


# Building a statement costs more than running it, and these two run for every execution.


@lru_cache(maxsize=256)
def _amend_statement(table: Table, names: tuple[str, ...]) -> Update:
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    return update(table).where(table.c.id == bindparam("key")).values(values)


@lru_cache(maxsize=256)
def _move_statement(table: Table, state: State, names: tuple[str, ...]) -> Update:
    allowed = sorted(may_come_from(state))
    return _amend_statement(table, names).where(table.c.state.in_(allowed))
