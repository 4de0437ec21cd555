"""Reports as files: JSON, HTML, plain text, and tables as CSV."""

import re

from botsched.domain.execution import Execution
from botsched.errors import NotFoundError
from botsched.reports import (
    File,
    Report,
    Table,
    files_of,
    from_data,
    render_document,
    render_text,
    tables,
    to_csv,
    to_data,
)
from botsched.web.encoding import to_bytes
from botsched.web.formats.times import time_text


def report_json(execution: Execution, table: int | None) -> bytes:
    """The items, and what they are of."""
    data = {
        "execution_id": execution.id,
        "job_id": execution.job_id,
        "job_name": execution.job_name,
        "state": execution.state,
        "scheduled_time": time_text(execution.scheduled_at),
        "ended_time": time_text(execution.ended_at),
        "report": execution.report if table is None else to_data(_report(execution, table)),
    }
    return to_bytes(data)


def report_html(execution: Execution, table: int | None) -> bytes:
    """A page that stands alone."""
    at = f"{execution.scheduled_at:%Y-%m-%d %H:%M:%S} UTC"
    origin = f"{execution.job_name}: {execution.state}, {at}"
    return render_document(_report(execution, table), execution.job_name, origin).encode()


def report_text(execution: Execution, table: int | None) -> bytes:
    """Lines for a terminal of 80 columns."""
    return f"{render_text(_report(execution, table))}\n".encode()


def report_csv(execution: Execution, table: int | None) -> bytes:
    """One of its tables, the first one when none is named."""
    return to_csv(_table(execution, table or 1))


def report_file(execution: Execution, number: str) -> File:
    """One of its files and pictures, counted from 1. Raises NotFoundError."""
    found = files_of(from_data(execution.report or []))
    if not re.fullmatch("[1-9][0-9]{0,5}", number) or int(number) > len(found):
        raise NotFoundError(f"file {number} in the report (it has {len(found)}) of", execution.id)
    return found[int(number) - 1]


def _report(execution: Execution, table: int | None) -> Report:
    """All of it, or one of its tables alone."""
    return from_data(execution.report) if table is None else (_table(execution, table),)


def _table(execution: Execution, number: int) -> Table:
    found = tables(from_data(execution.report))
    if number > len(found):
        raise NotFoundError(f"table {number} in the report (it has {len(found)}) of", execution.id)
    return found[number - 1]
