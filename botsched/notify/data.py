"""What a mail says as JSON data, for web hooks, commands and extensions."""

from datetime import datetime
from typing import Any, Final

from botsched.domain.execution import Execution
from botsched.notify.letter import Letterhead
from botsched.notify.outcomes import outcome
from botsched.notify.output import excerpt
from botsched.notify.story import links
from botsched.notify.told import Told
from botsched.notify.why import in_words

_LABELS: Final = {"Execution": "execution", "Job": "job", "Mail rules": "rules"}


def run_data(told: Told, letterhead: Letterhead, thread: str | None) -> dict[str, Any]:
    """The keys that tell of a run."""
    execution, why = told.execution, told.why
    return {
        "kind": "run",
        **end_data(execution),
        "outcome": outcome(execution.state, why),
        "usual_seconds": None if told.usual is None else told.usual.total_seconds(),
        "output": excerpt(told.output, execution.output_dropped).text,
        "incident": None
        if thread is None
        else {
            "id": thread,
            "failures": why.failures if why is not None else 0,
            "since": _time(why.since) if why is not None else None,
        },
        "why": None if why is None else why.to_data() | {"words": in_words(why)},
        "links": {_LABELS[label]: address for label, address in links(execution, letterhead)},
    }


def end_data(execution: Execution) -> dict[str, Any]:
    """An ended execution, without report and output."""
    return {
        "job": {
            "id": execution.job_id, "name": execution.job_name, "class": execution.job_class,
        },
        "execution": {
            "id": execution.id,
            "state": execution.state.value,
            "cause": execution.cause.value,
            "reason": execution.reason,
            "host": execution.hostname,
            "due": _time(execution.due),
            "started": _time(execution.started_at),
            "ended": _time(execution.ended_at),
            "seconds": execution.duration,
            "attempt": execution.attempt,
            "user": execution.user,
            "arguments": execution.arguments,
            "result": execution.result,
        },
    }  # fmt: skip


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
