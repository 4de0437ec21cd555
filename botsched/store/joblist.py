"""Which rows of the table of jobs a list shows, and in which order."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Table,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy import type_coerce as as_type
from sqlalchemy.dialects import mysql

from botsched.domain.clock import NEVER
from botsched.domain.execution import BAD, State
from botsched.domain.paging import BY_NAME, JobFilter, JobOrder, JobSort, JobState
from botsched.store.paging import Order
from botsched.store.text import containing
from botsched.store.types import Instant

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)

# To MySQL, an instant or else a given one is a text, which sorts by its letters.
_COMPARED: Final = (
    DateTime()
    .with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    .with_variant(Text(), "sqlite")
)


def matching(wanted: JobFilter, jobs: Table, executions: Table) -> ColumnElement[bool]:
    """The condition for jobs that are wanted."""
    job = jobs.c
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        texts = job.name, job.job_class, job.arguments, job.notes, job.tags
        conditions.append(containing(wanted.text, *texts))
    if wanted.job_class is not None:
        conditions.append(job.job_class == wanted.job_class)
    if wanted.paused is not None:
        paused = job.paused_at.is_not(None)
        conditions.append(paused if wanted.paused else ~paused)
    if wanted.leads_to is not None:
        conditions.append(_bears(job.rules, wanted.leads_to))
    if wanted.managed_by is not None:
        conditions.append(job.managed_by == wanted.managed_by)
    if wanted.states:
        states = sorted(wanted.states)
        conditions.append(or_(*(_STATES[state](jobs, executions) for state in states)))
    conditions += [_bears(job.tags, tag) for tag in sorted(wanted.tags)]
    return and_(True, *conditions)


def ordering(order: JobOrder, jobs: Table) -> Order:
    """Columns to be selected, by which jobs are sorted."""
    key = _KEYS[order.by](jobs.c)
    return Order((key, jobs.c.id), order.descending, "" if order == BY_NAME else _name(order))


def _name(order: JobOrder) -> str:
    return f"by {order.by}{' descending' if order.descending else ''}"


def _bears(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    """No tag and no id holds a quote, so that one within quotes is a whole one."""
    return as_type(column, Text).contains(f'"{word}"', autoescape=True)


def _running(jobs: Table, executions: Table) -> ColumnElement[bool]:
    run = executions.c
    open_states = [State.RUNNING, State.STOPPING]
    return jobs.c.id.in_(select(run.job_id).where(run.state.in_(open_states)))


_STATES: Final[Mapping[JobState, Callable[[Table, Table], ColumnElement[bool]]]] = {
    JobState.ACTIVE: lambda jobs, _: jobs.c.paused_at.is_(None),
    JobState.PAUSED: lambda jobs, _: jobs.c.paused_at.is_not(None),
    JobState.RUNNING: _running,
    JobState.SUCCEEDING: lambda jobs, _: jobs.c.last_state == State.SUCCEEDED,
    JobState.FAILING: lambda jobs, _: jobs.c.last_state.in_(sorted(BAD)),
    JobState.NEVER_RAN: lambda jobs, _: jobs.c.last_state.is_(None),
    JobState.OVER: lambda jobs, _: and_(jobs.c.next_due.is_(None), jobs.c.paused_at.is_(None)),
}


def _or(column: ColumnElement[Any], otherwise: datetime) -> ColumnElement[Any]:
    """Values that can be compared, those of rows without one, too."""
    filled = func.coalesce(column, literal(otherwise, Instant))
    return as_type(cast(filled, _COMPARED), Instant).label("sort_key")


def _next_run(job: Any) -> ColumnElement[Any]:
    return _or(case((job.paused_at.is_(None), job.next_due)), NEVER)


_KEYS: Final[Mapping[JobSort, Callable[[Any], ColumnElement[Any]]]] = {
    JobSort.NAME: lambda job: job.name,
    JobSort.CLASS: lambda job: job.job_class,
    JobSort.CREATED: lambda job: job.created_at,
    JobSort.NEXT_RUN: _next_run,
    JobSort.LAST_RUN: lambda job: _or(job.last_at, _BEGINNING),
}
