"""What a mail about an ended execution says, before it becomes text, HTML and headers."""

import json
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from botsched.domain.execution import Execution
from botsched.notify.output import Excerpt
from botsched.notify.wording import duration, instant, one_line
from botsched.reports import Code, Report, Section, Table, Text, Title, from_data

_SUBJECT_NAME_LENGTH = 150


@dataclass(frozen=True, slots=True)
class RunMail:
    """An ended execution as it is told by mail.

    ``output`` is all of it that was stored. ``links`` are (label, address) pairs.
    """

    execution: Execution
    output: str = ""
    report_title: str = ""
    links: tuple[tuple[str, str], ...] = ()


def subject(execution: Execution) -> str:
    """Name job and outcome, always in the same words, so that mail filters can rely on it."""
    name = one_line(execution.job_name)
    if len(name) > _SUBJECT_NAME_LENGTH:
        name = name[:_SUBJECT_NAME_LENGTH] + "…"
    return f"[bots-scheduler] {name}: {execution.state.value}"


def facts(execution: Execution, zone: ZoneInfo) -> list[tuple[str, str]]:
    """List (label, value) pairs of what is known about the run; unknown ones are left out."""
    started, ended = execution.started_at, execution.ended_at
    known = [
        ("Reason", one_line(execution.reason)),
        ("Host", one_line(execution.hostname or "")),
        ("Due", instant(execution.due, zone)),
        ("Attempt", str(execution.attempt) if execution.attempt > 1 else ""),
        ("Started", instant(started, zone)),
        ("Ended", instant(ended, zone)),
        ("Took", duration(ended - started) if started and ended else ""),
        ("Started by", one_line(execution.user or "")),
        ("Job ID", execution.job_id),
        ("Execution ID", execution.id),
    ]
    return [(label, value) for label, value in known if value]


def story(mail: RunMail, excerpt: Excerpt) -> Report:
    """Give the mail below its facts: the report, the result, then the output."""
    return (*_report(mail), *_result(mail.execution), *_output(excerpt))


def preface(mail: RunMail, zone: ZoneInfo) -> Report:
    """Give heading, facts and links as items, for the text part."""
    title = f"{one_line(mail.execution.job_name)}: {mail.execution.state.value}"
    addresses = Text("\n".join(f"{label}: {address}" for label, address in mail.links))
    return (Title(title), Table(facts(mail.execution, zone)), *((addresses,) if mail.links else ()))


def _report(mail: RunMail) -> Report:
    if not mail.execution.report:
        return ()
    try:
        report = from_data(mail.execution.report)
    except ValueError as error:
        return (Text(f"The report cannot be shown: {error}"),)
    has_title = isinstance(report[0], Title)
    return report if has_title or not mail.report_title else (Title(mail.report_title), *report)


def _result(execution: Execution) -> Report:
    if execution.result is None:
        return ()
    value = execution.result
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return (Section("Result"), Code(text))


def _output(excerpt: Excerpt) -> Report:
    heading = Section("Output")
    note = (Text(excerpt.note),) if excerpt.note else ()
    if not excerpt.text:
        return (heading, *(note or (Text("The run printed nothing."),)))
    return (heading, *note, Code(excerpt.text))
