"""Reports as files: HTML, plain text, and their tables as CSV."""

from botsched.domain.execution import Execution
from botsched.errors import NotFoundError
from botsched.reports import from_data, render_document, render_text, tables, to_csv


def report_html(execution: Execution) -> bytes:
    """A page that stands alone."""
    at = f"{execution.scheduled_at:%Y-%m-%d %H:%M:%S} UTC"
    origin = f"{execution.job_name}: {execution.state}, {at}"
    return render_document(from_data(execution.report), execution.job_name, origin).encode()


def report_text(execution: Execution) -> bytes:
    """Lines for a terminal of 80 columns."""
    return f"{render_text(from_data(execution.report))}\n".encode()


def table_csv(execution: Execution, number: int) -> bytes:
    """One of its tables, counted from 1. Raises NotFoundError."""
    found = tables(from_data(execution.report))
    if number > len(found):
        raise NotFoundError(f"table {number} in the report (it has {len(found)}) of", execution.id)
    return to_csv(found[number - 1])
