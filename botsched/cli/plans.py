"""Plans for people, on 80 columns."""

import json
from collections.abc import Iterator, Mapping
from textwrap import shorten, wrap
from typing import Any, Final

from botsched.domain.rules import REQUESTED

_WIDTH: Final = 80
_INDENT: Final = "    "
_LONGEST: Final = 400
_SIGNS: Final = {"add": "+", "change": "~", "delete": "-"}
_WORDS: Final = {"add": "to add", "change": "to change", "delete": "to delete"}
_PLAIN: Final = frozenset({"name", "job_class_string", "schedule", "paused_until", "managed_by"})
"""Texts that read well without quotes."""

_USUALLY_NONE: Final = frozenset({"retry", "then_run", "on_failure_run", "windows", "time_limit"})

Plan = Mapping[str, Any]
"""As ``POST /api/v1/apply`` tells it."""


def lines(plan: Plan) -> Iterator[str]:
    """Each job that is to be another one and how, then how much there is to do."""
    todo = [step for step in plan["steps"] if step["action"] != "keep"]
    if todo:
        yield f"To have the jobs of the set {plan['set']!r} be as the files say:"
        yield ""
    width = max((len(step["job_id"]) for step in todo), default=0)
    for step in todo:
        yield from _step(step, min(width, 32))
        yield ""
    if plan["left"]:
        yield from _left(plan)
        yield ""
    kept = plan["counts"]["keep"]
    if todo:
        counts = [f"{plan['counts'][deed]} {words}" for deed, words in _WORDS.items()]
        yield f"{', '.join(counts)}, {kept} as they should be."
    else:
        jobs = "the job is" if kept == 1 else f"all {kept} jobs are"
        yield f"Nothing is to be done: {jobs} as the files of {plan['set']!r} say."


def done(plan: Plan) -> str:
    """What was done, in a sentence."""
    counts = plan["counts"]
    return f"Added {counts['add']}, changed {counts['change']}, deleted {counts['delete']}."


def _step(step: Mapping[str, Any], width: int) -> Iterator[str]:
    action = step["action"]
    yield from _heading(f"{_SIGNS[action]} {action:6} ", step["job_id"], step["name"], width)
    if action == "add":
        said = [each for each in step["changes"] if each["field"] != "managed_by"]
        column = max((len(each["field"]) for each in said), default=0)
        for each in said:
            yield from _said(each["field"], _told(each["field"], each["after"]), column)
    elif action == "change":
        changes = [part for each in step["changes"] for part in _parts(each)]
        column = max((len(name) for name, _, _ in changes), default=0)
        for name, before, after in changes:
            yield from _changed(name, before, after, column)


def _heading(deed: str, job_id: str, name: str, width: int) -> Iterator[str]:
    """The id, which can be copied, and the name in full: in a column behind it, or below."""
    head = f"{deed}{job_id:{width}}  "
    rest = " " * len(f"{deed}{'':{width}}  ")
    if len(head) > len(rest) and len(head + name) > _WIDTH:
        yield head.rstrip()
        head = rest
    yield from wrap(name, _WIDTH, initial_indent=head, subsequent_indent=rest)


def _parts(change: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What a change says, for an object member by member: where, and how it was and will be."""
    field, before, after = change["field"], change["before"], change["after"]
    if field == "managed_by":
        yield "managed", "by nobody" if before is None else f"by {before}", f"by {after}"
    elif isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(each for each in after if each not in before)]:
            old, new = (
                _json(each[name]) if name in each else "not there" for each in (before, after)
            )
            if old != new:
                yield f"{field}.{name}", old, new
    else:
        yield field, _told(field, before), _told(field, after)


def _said(name: str, told: str, column: int) -> Iterator[str]:
    first = f"{_INDENT}{name:{column}}  "
    yield from wrap(told, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first))


def _changed(name: str, before: str, after: str, column: int) -> Iterator[str]:
    line = f"{_INDENT}{name:{column}}  {before} -> {after}"
    if len(line) <= _WIDTH:
        yield line
        return
    yield from _said(name, before, column)
    arrow = " " * (len(_INDENT) + column - 1) + "-> "
    yield from wrap(after, _WIDTH, initial_indent=arrow, subsequent_indent=" " * len(arrow))


def _told(field: str, value: Any) -> str:
    if value is None:
        return "default" if field in REQUESTED and field not in _USUALLY_NONE else "none"
    if value in ("", []) and field != "pub_args":
        return "none"
    if field == "mail":
        value = [{key: said for key, said in rule.items() if said is not None} for rule in value]
    plain = field in _PLAIN and isinstance(value, str)
    return shorten(value if plain else _json(value), _LONGEST, placeholder=" ...")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _left(plan: Plan) -> Iterator[str]:
    names = ", ".join(job["job_id"] for job in plan["left"][:20])
    more = ", ..." if len(plan["left"]) > 20 else ""
    yield from wrap(
        f"Of the set {plan['set']!r}, no file says these any more; they stay, but with --prune: "
        f"{names}{more}",
        _WIDTH,
    )
