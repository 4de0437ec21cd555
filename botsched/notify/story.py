"""A run as a letter: what one has to know first, then what one may want to look at."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from botsched.domain.execution import Execution, State
from botsched.domain.mailrules import Occasion
from botsched.notify.causes import hint
from botsched.notify.changes import changes
from botsched.notify.facts import context, facts
from botsched.notify.files import MOST_BYTES, File, enclose, named
from botsched.notify.fitting import fit
from botsched.notify.letter import Letter, Letterhead, Section
from botsched.notify.outcomes import heading, tone
from botsched.notify.output import Excerpt, excerpt
from botsched.notify.page import letter_weight, weight
from botsched.notify.pictures import Pictures
from botsched.notify.told import Told
from botsched.notify.why import by_whom, in_words, others_in_words
from botsched.notify.wording import bad_runs, one_line, short_instant
from botsched.reports import Code, Text, Title, from_data, render_text, tables, to_csv

LONGEST_NAME: Final = 150
_LONGEST_REASON: Final = 600
_MOST_WEIGHT: Final = 102_000
"""Bytes of the whole page; Gmail hides what is behind."""
_REPORT_WEIGHT: Final = 36_000
_RESULT_WEIGHT: Final = 6_000
_FILES_WEIGHT: Final = 14_000
_MOST_NAMES: Final = 20
"""Of files that are listed."""
_SMALL_TABLE: Final = 20
"""Rows of a table that nobody needs as a file."""


def write(told: Told, letterhead: Letterhead) -> tuple[Letter, tuple[File, ...]]:
    """The letter about a run, and the files that go with it."""
    execution, zone = told.execution, letterhead.timezone
    output = excerpt(told.output, execution.output_dropped)
    others = _changed(told, letterhead), _output(output, told)
    letter = Letter(
        tone=tone(execution.state, told.why),
        outcome=heading(execution.state, told.why),
        name=one_line(execution.job_name, LONGEST_NAME),
        context=context(execution, zone),
        lead=_lead(told),
        hint=hint(execution),
        facts=facts(execution, told.why, told.usual, zone),
        links=links(execution, letterhead),
        sections=tuple(_ordered(told, *others, None)),
        footer=tuple(_footer(told)),
    )
    pictures = Pictures()
    room = _MOST_WEIGHT - _FILES_WEIGHT - letter_weight(letter)
    shown, files = _report(told, pictures, min(_REPORT_WEIGHT, room))
    files = [*([output.file] if output.file else []), *files, *pictures.files]
    enclosed = enclose(files, MOST_BYTES - pictures.shown_bytes)
    sections = (*_ordered(told, *others, shown), *_files(enclosed.files, enclosed.note))
    return replace(letter, sections=sections), enclosed.files


def links(execution: Execution, letterhead: Letterhead) -> tuple[tuple[str, str], ...]:
    """Where more is to be seen, as (label, address); none when nobody knows where the page is."""
    job = f"jobs/{quote(execution.job_id, safe='')}"
    paths = {
        "Execution": f"executions/{quote(execution.id, safe='')}",
        "Job": job,
        "Mail rules": f"{job}/edit#mail",
    }
    known = ((label, letterhead.address(path)) for label, path in paths.items())
    return tuple((label, address) for label, address in known if address)


def _ordered(
    told: Told, changed: Section | None, output: Section | None, report: Section | None
) -> Iterator[Section]:
    """What matters most first: of a failure what may be its cause, else what was reported."""
    result = _result(told.execution)
    if told.execution.state is not State.SUCCEEDED:
        order = [changed, output, report, result]
    elif told.why is not None and Occasion.CHANGED in told.why.occasions:
        order = [changed, report, result, output]
    else:
        order = [report, changed, result, output]
    return filter(None, order)


def _changed(told: Told, letterhead: Letterhead) -> Section | None:
    if told.good is None:
        return None
    at = short_instant(told.good.updated_at, letterhead.timezone)
    said = changes(told.execution, told.good)
    return Section(f"Since the last good run ({at})", said) if said else None


def _lead(told: Told) -> str:
    reason, why = one_line(told.execution.reason, _LONGEST_REASON), told.why
    if why is not None and Occasion.RECOVERED in why.occasions:
        bad = f" after {bad_runs(why.failures)}" if why.failures else ""
        return f"It works again{bad}. {reason}".rstrip()
    if why is not None and Occasion.CHANGED in why.occasions:
        return f"What it reports has changed since the last good run. {reason}".rstrip()
    return reason


def _report(told: Told, pictures: Pictures, room: int) -> tuple[Section | None, list[File]]:
    """The report as far as there is room, and as a file if that is not all."""
    if not told.execution.report:
        return None, []
    try:
        report = pictures.prepared(from_data(told.execution.report))
    except ValueError as error:
        return Section("Report", (Text(f"The report cannot be shown: {error}"),)), []
    title = told.report_title or "Report"
    if isinstance(report[0], Title):
        title, report = report[0].text, report[1:]
    shown, is_all = fit(report, room, weight)
    files = [
        File(f"table-{number}.csv", "text/csv", to_csv(table))
        for number, table in enumerate(tables(report), 1)
        if len(table.rows) > _SMALL_TABLE
    ]
    if not is_all:
        shown = (*shown, Text("This is the beginning of the report; all of it is attached."))
        files.insert(0, File("report.txt", "text/plain", render_text(report).encode() + b"\n"))
    return Section(one_line(title, 200), shown), files


def _result(execution: Execution) -> Section | None:
    if execution.result is None:
        return None
    value = execution.result
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    shown, is_all = fit((Code(text),), _RESULT_WEIGHT, weight)
    note = () if is_all else (Text("This is its beginning; all of it is on the page."),)
    return Section("Result", (*shown, *note))


def _output(output: Excerpt, told: Told) -> Section | None:
    note = (Text(output.note),) if output.note else ()
    if output.text:
        return Section("Output", (*note, Code(output.text)))
    execution = told.execution
    if execution.started_at is None or execution.report or execution.result is not None:
        return Section("Output", note) if note else None
    return Section("Output", note or (Text("The run printed nothing."),))


def _files(files: tuple[File, ...], note: str) -> Iterator[Section]:
    words = [named(file) for file in files[:_MOST_NAMES]]
    if len(files) > _MOST_NAMES:
        words.append(f"… and {len(files) - _MOST_NAMES:,} more")
    if words or note:
        yield Section("Files", tuple(map(Text, filter(None, ("\n".join(words), note)))))


def _footer(told: Told) -> Iterator[str]:
    if told.why is not None:
        yield in_words(told.why)
    if told.through is not None:
        yield by_whom(told.through, is_named=told.is_named)
    if others := others_in_words(told.others):
        yield others
    execution = told.execution
    where = f" on {one_line(execution.hostname, 100)}" if execution.hostname else ""
    yield f"Sent by bots-scheduler{where}. Job {execution.job_id}, execution {execution.id}."
