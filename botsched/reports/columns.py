"""Tables in plain text: aligned if they fit, wrapped if they nearly do, else record by record."""

import textwrap
import unicodedata
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import TypeAlias

from botsched.reports.items import Entry, Table, is_number

Row: TypeAlias = Sequence[Entry]
Render: TypeAlias = Callable[[Entry, int], list[str]]

_GAP = "  "
_UNLIMITED = 10_000
_MIN_COLUMN = 8  # narrower columns are harder to read than one line a field


def columns(table: Table, width: int, render: Render) -> list[str]:
    """Lay out a table; ``render`` gives the lines of a cell for a width."""
    rows, header, footer = table.full_rows(), table.header, table.footer
    grid = [row for row in (header, *rows, footer) if row]
    if not grid:
        return []
    natural = [
        max(_widest(render(row[index], _UNLIMITED)) for row in grid)
        for index in range(len(grid[0]))
    ]
    widths = _fit(natural, width - len(_GAP) * (len(natural) - 1))
    if widths is None:
        return _records([*rows, footer] if footer else rows, header, width, render)
    rule = _GAP.join("-" * width for width in widths)
    lines = [line for row in rows for line in _row(row, widths, render)]
    if header:
        lines = [*_row(header, widths, render, table.numeric_columns()), rule, *lines]
    return [*lines, rule, *_row(footer, widths, render)] if footer else lines


def display_width(text: str) -> int:
    """Columns a text takes on a terminal, where East Asian characters take two."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _fit(natural: Sequence[int], available: int) -> list[int] | None:
    """Share out the width: narrow columns keep theirs, wide ones split what is left."""
    widths = list(natural)
    by_width = sorted(range(len(natural)), key=natural.__getitem__)
    for position, index in enumerate(by_width):
        share = available // (len(natural) - position)
        if natural[index] > share and share < _MIN_COLUMN:
            return None
        widths[index] = min(natural[index], share)
        available -= widths[index]
    return widths


def _row(
    row: Row, widths: Sequence[int], render: Render, numeric: Sequence[bool] = ()
) -> list[str]:
    right = numeric or [is_number(cell) for cell in row]
    cells = [_break(render(cell, width), width) for cell, width in zip(row, widths, strict=True)]
    lines = (
        _GAP.join(map(_pad, line, widths, right)).rstrip()
        for line in zip_longest(*cells, fillvalue="")
    )
    return list(lines)


def _records(rows: Sequence[Row], header: Row, width: int, render: Render) -> list[str]:
    lines: list[str] = []
    for row in rows:
        if lines:
            lines.append("")
        for index, cell in enumerate(row):
            name = " ".join(render(header[index], _UNLIMITED)) if header else str(index + 1)
            label = f"{name}:" if name else "-"
            content = render(cell, width - 4)
            if len(content) == 1 and display_width(label) + 1 + display_width(content[0]) <= width:
                lines.append(f"{label} {content[0]}".rstrip())
            else:
                lines += [label, *(f"    {line}".rstrip() for line in content)]
    return lines


def _break(lines: Sequence[str], width: int) -> list[str]:
    """Cut what is wider than its column (long words, code), so that the others stay in line."""
    return [
        part
        for line in lines
        for part in ([line] if display_width(line) <= width else _cut(line, width))
    ]


def _cut(line: str, width: int) -> list[str]:
    parts = textwrap.wrap(line, width) or [""]
    # It counts characters. Half as many fit always, however wide they are.
    return parts if _widest(parts) <= width else textwrap.wrap(line, width // 2)


def _pad(text: str, width: int, right: bool) -> str:
    filling = " " * (width - display_width(text))
    return filling + text if right else text + filling


def _widest(lines: Sequence[str]) -> int:
    return max(map(display_width, lines), default=0)
