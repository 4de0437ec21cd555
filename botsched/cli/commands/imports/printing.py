"""The report of an import for people, on 80 columns, and as JSON."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from textwrap import wrap
from typing import Any, Final

from botsched.domain import rules
from botsched.domain.job import Job
from botsched.domain.printable import printable
from botsched.domain.words import in_words
from botsched.moving.report import Item, Remark, Report, Standing
from botsched.web.formats.schedules import schedule_data
from botsched.web.formats.times import time_text

_WIDTH: Final = 80
_INDENT: Final = "    "
_COLUMN: Final = 12
_LOOK_AHEAD: Final = 3
_HORIZON: Final = timedelta(days=36525)
_LONGEST_TEXT: Final = 400

_TOTALS: Final = {
    Standing.NEW: "new",
    Standing.PRESENT: "there already, as they would be now",
    Standing.CHANGED: "there already, and changed since: left as they are",
    Standing.REFUSED: "cannot be imported",
}


def lines(report: Report, now: datetime) -> Iterator[str]:
    """What was found and becomes of it, then what changes in meaning, then how much there is."""
    for text in report.read:
        yield from wrap(_printable(text), _WIDTH, break_on_hyphens=False, break_long_words=False)
    numbers = _numbered(report)
    above: dict[str, str] = {}
    for item in report.items:
        yield ""
        yield from _item(item, numbers, now, above)
    if report.remarks or numbers:
        yield from ("", "What changes in meaning")
    for remark in report.remarks:
        yield from _remark(remark, "*")
    for remark, number in numbers.items():
        yield from _remark(remark, f"[{number}]")
    yield ""
    yield from _totals(report)


def to_data(report: Report, now: datetime) -> dict[str, Any]:
    """The same as JSON data; ``job`` is as ``POST /api/v1/jobs`` takes it."""
    return {
        "read": list(report.read),
        "items": [_item_data(item, now) for item in report.items],
        "remarks": [_remark_data(each) for each in report.remarks],
        "totals": {str(standing): len(report.those(standing)) for standing in Standing},
        "besides": list(report.besides),
        "afterwards": list(report.afterwards),
    }


def _numbered(report: Report) -> dict[Remark, int]:
    """Remarks on single items; what is said of many is said once, and has one number."""
    found = dict.fromkeys(each for item in report.items for each in item.remarks)
    return {remark: number for number, remark in enumerate(found, 1)}


def _item(
    item: Item, numbers: Mapping[Remark, int], now: datetime, above: dict[str, str]
) -> Iterator[str]:
    """``above`` is what was told of the item before, which is not said again."""
    yield _printable(item.place)
    for line in _shortened(item.text).split("\n"):
        yield from _hanging(line, _INDENT, _INDENT + "  ")
    if item.refusal is not None:
        yield from _entry("REFUSED", item.refusal.text)
        if item.refusal.cure:
            yield from _entry("cure", item.refusal.cure)
    if item.job is None:
        return
    yield from _entry(item.standing, f"{item.job.name}  ({item.job.id})")
    yield from _entry("runs", in_words(item.job.schedule))
    yield from _entry("next", _next(item.job, now))
    if item.job.paused:
        yield from _entry("paused", "until somebody resumes it")
    facts = dict(_facts(item.job, item.text))
    for name, told in facts.items():
        yield from _entry(name, "as above" if above.get(name) == told else told)
    above.clear()
    above.update(facts)
    if item.remarks:
        marks = sorted(numbers[each] for each in item.remarks)
        yield from _entry("changes", " ".join(f"[{number}]" for number in marks))


def _facts(job: Job, text: str) -> Iterator[tuple[str, str]]:
    """What else makes the job, unless it can be read in the text: arguments by name, and rules."""
    given = job.arguments if isinstance(job.arguments, dict) else {}
    for name, value in given.items():
        if not (isinstance(value, str) and value in text):
            yield name, _value(value)
    yield from rules.in_words(job.policy).items()


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return repr(value) if isinstance(value, str) and "\n" in value else str(value)


def _next(job: Job, now: datetime) -> str:
    found = [due.astimezone(job.schedule.timezone) for due in islice(_dues(job, now), _LOOK_AHEAD)]
    seconds = "" if all(each.second == 0 for each in found) else ":%S"
    return ", ".join(f"{each:%Y-%m-%d %H:%M{seconds}}" for each in found) or "never"


def _dues(job: Job, now: datetime) -> Iterator[datetime]:
    due = job.schedule.next_after(now)
    while due is not None and due <= now + _HORIZON:
        yield due
        due = job.schedule.next_after(due)


def _remark(remark: Remark, mark: str) -> Iterator[str]:
    yield from _hanging(remark.text, f"{mark:4}", _INDENT)
    if remark.cure:
        yield from _hanging(f"Cure: {remark.cure}", _INDENT, _INDENT)


def _totals(report: Report) -> Iterator[str]:
    yield f"{len(report.items):5} found"
    for standing, told in _TOTALS.items():
        if number := len(report.those(standing)):
            yield f"{number:5} {told}"


def _entry(name: str, told: str) -> Iterator[str]:
    rest = " " * (len(_INDENT) + _COLUMN)
    yield from _hanging(told, f"{_INDENT}{name:{_COLUMN - 1}} ", rest)


def _hanging(text: str, first: str, rest: str) -> list[str]:
    wrapped = wrap(
        _printable(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )
    return wrapped or [first.rstrip()]


def _printable(text: str) -> str:
    return printable(text.expandtabs(4))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."


def _item_data(item: Item, now: datetime) -> dict[str, Any]:
    return {
        "place": item.place,
        "text": item.text,
        "standing": str(item.standing),
        "refusal": None if item.refusal is None else _remark_data(item.refusal),
        "remarks": [_remark_data(each) for each in item.remarks],
        "job": None if item.job is None else _job_data(item.job),
        "next": [] if item.job is None else _times(islice(_dues(item.job, now), _LOOK_AHEAD)),
    }


def _job_data(job: Job) -> dict[str, Any]:
    """What makes the job, by the keys of requests; what is left to the server is left out."""
    return {
        "job_id": job.id,
        "name": job.name,
        "job_class_string": job.job_class,
        "pub_args": job.arguments,
        "tags": list(job.tags),
        "notes": job.notes,
        **_said(schedule_data(job.schedule)),
        "paused": job.paused,
        **_said(rules.to_data(job.policy)),
    }


def _said(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}


def _remark_data(remark: Remark) -> dict[str, str]:
    return {"text": remark.text, "cure": remark.cure}


def _times(moments: Iterable[datetime]) -> list[str]:
    return [time_text(each) or "" for each in moments]
