"""What is known about an execution, as lines of a mail."""

import json
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from botsched.domain.execution import LATE_AFTER, Execution, State
from botsched.domain.why import Why
from botsched.notify.wording import (
    bad_runs,
    duration,
    instant,
    later_instant,
    one_line,
    ordinal,
    short_instant,
)

_ARGUMENTS: Final = 400
_ENDS: Final = {
    State.LOST: "Found lost",
    State.MISSED: "Found late",
    State.SKIPPED: "Left out",
}
_LIKE: Final = 0.25
"""Within this share of the usual duration nothing is said about how they compare."""


def facts(
    execution: Execution, why: Why | None, usual: timedelta | None, zone: ZoneInfo
) -> tuple[tuple[str, str], ...]:
    """List (label, value) pairs of what is known about the run; unknown ones are left out."""
    known = [
        ("Incident", incident(execution, why, zone)),
        ("Due", _due(execution, zone)),
        ("Started", _started(execution, zone)),
        (_ENDS.get(execution.state, "Ended"), _ended(execution, zone)),
        ("Took", _took(execution, usual)),
        ("Where", _where(execution)),
        ("Class", one_line(execution.job_class, 200)),
        ("Arguments", _arguments(execution)),
        ("Attempt", f"{execution.attempt}, the last" if execution.attempt > 1 else ""),
        ("Asked for", f"by {one_line(execution.user, 100)}" if execution.user else ""),
    ]
    return tuple((label, value) for label, value in known if value)


def context(execution: Execution, zone: ZoneInfo) -> str:
    """Where, when and how long, on the line below the heading."""
    at = execution.ended_at or execution.updated_at
    took = execution.duration
    parts = [
        one_line(execution.hostname or "", 100),
        short_instant(at, zone),
        "" if took is None else f"took {duration(timedelta(seconds=took))}",
    ]
    return " · ".join(filter(None, parts))


def incident(execution: Execution, why: Why | None, zone: ZoneInfo) -> str:
    """How the job fared before; empty when there is nothing to tell."""
    if why is None or not why.failures:
        return ""
    since = f", since {short_instant(why.since, zone)}" if why.since is not None else ""
    if execution.state is State.SUCCEEDED:
        return f"over, after {bad_runs(why.failures)}{since}"
    if why.failures == 1:
        return "a new one, with this run"
    return f"the {ordinal(why.failures)} bad run in a row{since}"


def _due(execution: Execution, zone: ZoneInfo) -> str:
    if execution.due_last is None or execution.due_count == 1:
        return instant(execution.due, zone)
    first = instant(execution.due, zone)
    last = later_instant(execution.due_last, execution.due, zone)
    return f"{execution.due_count:,} times: {first} to {last}"


def _started(execution: Execution, zone: ZoneInfo) -> str:
    late = (execution.started_at or execution.scheduled_at) - execution.scheduled_at
    started = later_instant(execution.started_at, execution.due, zone)
    return f"{started}, {duration(late)} late" if started and late > LATE_AFTER else started


def _ended(execution: Execution, zone: ZoneInfo) -> str:
    before = execution.due or execution.started_at
    return later_instant(execution.ended_at, before, zone)


def _took(execution: Execution, usual: timedelta | None) -> str:
    if execution.duration is None:
        return ""
    took = timedelta(seconds=execution.duration)
    if usual is None:
        return duration(took)
    return f"{duration(took)}, usually {duration(usual)}{_compared(took, usual)}"


def _compared(took: timedelta, usual: timedelta) -> str:
    if usual < timedelta(seconds=1) or not took:
        return ""
    share = took / usual
    if abs(share - 1) <= _LIKE:
        return ""
    return f" ({share:.1f} times as long)" if share >= 1.95 else f" ({share - 1:+.0%})"


def _where(execution: Execution) -> str:
    process = f", process {execution.pid}" if execution.pid is not None else ""
    return one_line(execution.hostname or "", 100) + process if execution.hostname else ""


def _arguments(execution: Execution) -> str:
    if not execution.arguments:
        return ""
    return one_line(json.dumps(execution.arguments, ensure_ascii=False), _ARGUMENTS)
