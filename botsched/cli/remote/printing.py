"""Answers as JSON, as tables and as lists of facts."""

import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

import click

from botsched.cli.remote import words
from botsched.domain.printable import printable

_GAP: Final = "  "
_LEAST: Final = 8
_USUAL_WIDTH: Final = 80


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; one that is ``flexible`` gives way where the terminal is narrow."""

    heading: str
    flexible: bool = False


def print_json(data: Any) -> None:
    """Print an answer as it came."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print rows below their headings, no wider than the terminal; whole where there is none."""
    wide = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in table(columns, rows, wide):
        click.echo(line)


def table(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], wide: int | None
) -> Iterable[str]:
    """The lines of a table; with ``wide``, no longer than that, if its columns can be so narrow."""
    heading = [column.heading.upper() for column in columns]
    cells = [heading, *([printable(text) for text in row] for row in rows)]
    widths = [max(map(words.width, column)) for column in zip(*cells, strict=True)]
    if wide is not None:
        _narrow(widths, columns, wide)
    for row in cells:
        pairs = zip(row, widths, strict=True)
        yield _GAP.join(_padded(words.cut(text, width), width) for text, width in pairs).rstrip()


def more(answer: Mapping[str, Any]) -> None:
    """Say, beside what was asked for, that there is more than was listed."""
    if answer["next_cursor"] is not None:
        click.echo("There are more; --limit says how many are shown.", err=True)


def print_facts(title: str, facts: Mapping[str, str]) -> None:
    """Print what is known of a thing: a line for each fact that there is, or several."""
    wide = shutil.get_terminal_size().columns if sys.stdout.isatty() else _USUAL_WIDTH
    click.echo(printable(title))
    margin = max(map(len, facts)) + 2 * len(_GAP)
    for name, text in facts.items():
        told = [part for line in text.splitlines() for part in _wrapped(line, wide - margin)]
        for number, line in enumerate(told):
            click.echo(f"{_GAP}{name}".ljust(margin) + line if number == 0 else " " * margin + line)


def _narrow(widths: list[int], columns: Sequence[Column], wide: int) -> None:
    """Take from the widest column that may give way, until all fit."""
    flexible = [number for number, column in enumerate(columns) if column.flexible]
    while sum(widths) + len(_GAP) * (len(widths) - 1) > wide:
        widest = max(flexible, key=widths.__getitem__)
        if widths[widest] <= _LEAST:
            return
        widths[widest] -= 1


def _padded(text: str, width: int) -> str:
    return text + " " * (width - words.width(text))


def _wrapped(line: str, columns: int) -> list[str]:
    return wrap(printable(line), max(columns, _LEAST), break_on_hyphens=False) or [""]
