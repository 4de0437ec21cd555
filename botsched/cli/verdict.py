"""A verdict for people, on 80 columns."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from textwrap import wrap
from zoneinfo import ZoneInfo

from botsched.domain.execution import Fate
from botsched.domain.verification import FAULTS, SHOWN, Finding, Kind, Verdict

_WIDTH = 80


def lines(verdict: Verdict, zone: ZoneInfo) -> Iterator[str]:
    """What became of all instants, and what is not as it should be."""
    start, end = (each.replace(microsecond=0) for each in (verdict.start, verdict.end))
    yield f"{_time(start, zone)} to {_time(end, zone)} ({zone.key})"
    yield f"{_number(verdict.jobs, 'job')}, {_number(verdict.due, 'instant')} due:"
    yield ""
    for fate in Fate:
        if verdict.fates[fate]:
            yield from _counted(fate, verdict.fates[fate], _causes(verdict, fate))
    if verdict.counts[Kind.OPEN]:
        yield from _counted(Kind.OPEN, verdict.counts[Kind.OPEN], "rightly not recorded yet")
    for kind in FAULTS:
        yield from _counted(kind, verdict.counts[kind], "")
    for finding in verdict.findings:
        yield ""
        yield from _finding(finding, zone)
    yield ""
    yield from _summary(verdict)


def _summary(verdict: Verdict) -> Iterator[str]:
    if SHOWN in Counter(finding.kind for finding in verdict.findings).values():
        yield f"No more than {SHOWN} of a kind are listed."
    if verdict.partly:
        yield from wrap(
            f"{_number(verdict.partly, 'job')} could be verified in a later part of the period "
            "only: before, executions were removed, or versions of jobs not kept.",
            _WIDTH,
        )
    if verdict.clean:
        yield f"Every instant has exactly one fate{_but(verdict.counts[Kind.OPEN])}."
    else:
        found = ", ".join(f"{verdict.counts[kind]:,} {kind}" for kind in FAULTS)
        yield f"The record does not hold: {found}."


def _but(still_open: int) -> str:
    if not still_open:
        return ""
    return f", but for {still_open:,} that {'is' if still_open == 1 else 'are'} still open"


def _counted(name: str, count: int, remark: str) -> Iterator[str]:
    start = f"  {name:12}{count:>12,}"
    if not remark:
        yield start
        return
    first, *more = wrap(f"({remark})", _WIDTH - 28)
    yield f"{start}  {first}"
    yield from (f"{'':28}{line}" for line in more)


def _causes(verdict: Verdict, fate: Fate) -> str:
    if fate is not Fate.SKIPPED:
        return ""
    return ", ".join(f"{cause} {count:,}" for cause, count in verdict.causes.most_common())


def _finding(finding: Finding, zone: ZoneInfo) -> Iterator[str]:
    when = _time(finding.first, zone)
    if finding.last != finding.first:
        when += f" to {_time(finding.last, zone)}"
    if finding.count > 1:
        when += f", {finding.count:,} instants"
    yield f"{finding.kind}: {when}"
    told = [f"job {finding.job_name!r} ({finding.job_id})"]
    if finding.execution_id:
        told.append(f"execution {finding.execution_id}")
    for text in (*told, finding.why):
        yield from wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _time(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S}" + (f".{local:%f}" if local.microsecond else "")


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
