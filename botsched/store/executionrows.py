"""Executions as values of columns, and back."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Table, null

from botsched.domain.execution import Cause, Execution, State

_PLAIN = (
    "id", "job_id", "job_name", "job_class", "arguments", "reason", "scheduled_at", "updated_at",
    "due", "due_last", "due_count", "user", "started_at", "ended_at", "hostname", "boot_id",
    "pid", "pid_started", "result", "report", "output_bytes", "output_dropped", "cpu_seconds",
    "max_rss", "progress", "progress_text", "attempt", "retry_of", "caused_by", "not_before",
)  # fmt: skip


def values_of(execution: Execution) -> dict[str, Any]:
    """The columns of an execution."""
    values = {name: getattr(execution, name) for name in _PLAIN}
    return values | {"state": execution.state, "cause": execution.cause}


def execution_of(row: Row[Any]) -> Execution:
    """The execution of a row."""
    values = row._mapping  # noqa: SLF001  (SQLAlchemy's public name)
    return Execution(
        state=State(values["state"]),
        cause=Cause(values["cause"]),
        **{name: values[name] for name in _PLAIN},
    )


def columns_without(table: Table, *names: str) -> list[ColumnElement[Any]]:
    """All columns, but NULL in place of some: reports and results may be megabytes each."""
    return [null().label(each.name) if each.name in names else each for each in table.c]
