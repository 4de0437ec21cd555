"""The tables of a report as CSV, for spreadsheets."""

import csv
import io
import re
from typing import Final

from botsched.reports.clean import clean
from botsched.reports.items import Entry, Item, Report, Table, is_number
from botsched.reports.plots.item import Plot
from botsched.reports.text import render_text
from botsched.reports.walk import items_of

# Spreadsheets take what begins like this for a formula, which may fetch and run things.
_FORMULA: Final = re.compile(r"\s*[=+\-@\uff0b\uff0d\uff1d\uff20]|[\t\r\n]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*(e[+-]?[0-9]+)?( ?%)?", re.IGNORECASE)
_UNWRAPPED: Final = 10_000


def tables(report: Report) -> tuple[Table, ...]:
    """Give all tables in the order in which they are read, and plots as tables.

    One that lies in another one comes behind it.
    """
    return tuple(
        item if isinstance(item, Table) else as_table(item)
        for item in items_of(report)
        if isinstance(item, Table | Plot)
    )


def as_table(plot: Plot) -> Table:
    """Give what is drawn as a table: a row for each ``x``, a column for each series."""
    rows = zip(plot.x, *(series.values for series in plot.series), strict=True)
    unit = f" ({plot.unit})" if plot.unit else ""
    names = [(series.name or plot.title or "value") + unit for series in plot.series]
    return Table(rows, header=["", *names])


def to_csv(table: Table) -> bytes:
    """Write a table as CSV in UTF-8, with header and footer.

    A text that a spreadsheet would take for a formula gets an apostrophe in front. A byte order
    mark stands in front only where it is needed: without one, Excel misreads all but ASCII.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in (table.header, *table.full_rows(), table.footer):
        if row:
            writer.writerow(map(_cell, row))
    content = text.getvalue()
    return content.encode("utf-8" if content.isascii() else "utf-8-sig")


def _cell(entry: Entry) -> str | int | float:
    if entry is None:
        return ""
    if is_number(entry):
        return entry  # type: ignore[return-value]
    text = _words(entry)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _words(entry: Entry) -> str:
    if isinstance(entry, tuple):
        return "\n".join(map(_words, entry))
    if isinstance(entry, Item):
        return render_text((entry,), _UNWRAPPED)
    return "" if entry is None else clean(str(entry))
