"""What changed since the last good run: in the job's words, its result, its report."""

import difflib
import json
from collections.abc import Iterator
from typing import Any, Final

from botsched.domain.execution import Execution, State
from botsched.notify.fitting import most
from botsched.notify.output import weight
from botsched.notify.wording import one_line
from botsched.reports import Code, Item, Plot, Report, Table, Text, from_data, render_text
from botsched.reports.items import Entry
from botsched.reports.tabular import as_table

_MOST_LINES: Final = 60
_MOST_WEIGHT: Final = 8_000
_LONGEST: Final = 200
_MOST_COMPARED: Final = 2_000
"""Lines of each report; comparing takes up to the square of it."""


def changes(execution: Execution, good: Execution) -> Report:
    """Items that say what differs from the last good run, or that nothing known does."""
    rows = [(name, then, now) for name, then, now in _facts(execution, good) if then != now]
    facts = (Table(rows, ("", "then", "now")),) if rows else ()
    return (*facts, *_report(execution, good)) or _nothing(execution)


def plain(value: Any) -> str:
    """A JSON value on one line."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return one_line(text, _LONGEST)


def _facts(execution: Execution, good: Execution) -> Iterator[tuple[str, str, str]]:
    yield "Class", plain(good.job_class), plain(execution.job_class)
    yield "Arguments", plain(good.arguments), plain(execution.arguments)
    yield "Host", plain(good.hostname or ""), plain(execution.hostname or "")
    if execution.state is State.SUCCEEDED:
        yield "Result", _result(good), _result(execution)


def _result(execution: Execution) -> str:
    return "none" if execution.result is None else plain(execution.result)


def _nothing(execution: Execution) -> Report:
    if execution.state is not State.SUCCEEDED:
        words = "Nothing that is known here: it ran the same class with the same arguments."
        return (Text(words),)
    if execution.report:
        return (Text("Nothing: its result and its report are the same."),)
    return () if execution.result is None else (Text("Nothing: its result is the same."),)


def _report(execution: Execution, good: Execution) -> Report:
    """Lines that went and came, each with what is around it; empty when there is nothing to say."""
    if (execution.report or None) == (good.report or None):
        return ()
    if not execution.report or not good.report:
        return _only_one(execution)
    try:
        before, after = (_lines(each.report) for each in (good, execution))
    except ValueError:
        return ()
    compared = list(difflib.unified_diff(before, after, n=1, lineterm=""))[2:]  # without heads
    lines = [line for line in compared if not line.startswith("@@")]
    shown = lines[:_MOST_LINES]
    shown = shown[: most(len(shown), lambda n: weight("\n".join(shown[:n])) <= _MOST_WEIGHT)]
    left = len(lines) - len(shown)
    if not lines:
        return (Text("The report is another one, but not in its words: in pictures or files."),)
    told = "\n".join(shown + ([f"… and {left} more lines"] if left else []))
    return Text("Lines of the report that went (-) and came (+):"), Code(told, "diff")


def _only_one(execution: Execution) -> Report:
    if execution.report:
        return (Text("It gave no report then."),)
    is_good = execution.state is State.SUCCEEDED
    return (Text("It gave a report then, and none now."),) if is_good else ()


def _lines(report: Any) -> list[str]:
    lines = "\n".join(map(_lined, from_data(report))).split("\n")
    return [line for line in lines if line.strip()][:_MOST_COMPARED]


def _lined(item: Item) -> str:
    """An item without what depends on the others in it: widths of columns, scales of plots."""
    if isinstance(item, Plot):
        item = as_table(item)
    if not isinstance(item, Table):
        return render_text((item,), width=70)
    rows = (item.header, *item.full_rows(), item.footer)
    return "\n".join(" | ".join(map(_cell, row)) for row in rows)


def _cell(entry: Entry) -> str:
    if isinstance(entry, tuple):
        return " ".join(map(_cell, entry))
    if isinstance(entry, Item):
        return one_line(render_text((entry,)))
    return "" if entry is None else one_line(str(entry))
