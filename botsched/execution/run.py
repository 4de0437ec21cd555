"""One run in the hands of the runner, and what it comes to."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from botsched.domain.execution import Cause, Execution, OutputChunk, State
from botsched.execution.capture import Capture
from botsched.execution.forkserver.protocol import NO_CLASS, OUTCOME_LIMIT, read_all
from botsched.execution.forkserver_link import ForkServerLink
from botsched.execution.progress import Progress
from botsched.job.masking import Mask
from botsched.job.outcome import Outcome
from botsched.reports import to_data, with_texts


@dataclass(frozen=True, slots=True)
class End:
    """How an execution ended: its last state, and what else its row and output still need."""

    state: State
    cause: Cause
    reason: str
    changes: dict[str, Any] = field(default_factory=dict)
    chunks: list[OutputChunk] = field(default_factory=list)

    @property
    def has_output(self) -> bool:
        """Whether the run printed or reported anything."""
        return bool(self.changes.get("output_bytes") or self.changes.get("report"))


SHUT_DOWN = End(State.STOPPED, Cause.SHUT_DOWN, "Stopped because the server was shut down.")


FENCED = End(State.LOST, Cause.CRASH, "Another server took over.")
"""The end of what runs when another server has taken over; it is told there, and not recorded."""


def stopped_by(user: str) -> End:
    """The end of what a user stops."""
    return End(State.STOPPED, Cause.STOPPED, f"Stopped by {user}.")


def over_time(seconds: float) -> End:
    """The end of what took longer than it may."""
    reason = f"Ran longer than its time limit of {seconds:g} s."
    return End(State.TIMEOUT, Cause.TIME_LIMIT, reason)


def unrecordable(end: End, error: BaseException) -> End:
    """What is recorded in place of an end that the database does not take."""
    reason = f"It ended ({end.state}), but how could not be stored: {error}"
    return End(State.FAILED, end.cause, reason)


@dataclass(slots=True)
class Run:
    """A running execution. Its moments are of the monotonic clock, and infinite while unset.

    ``ending`` is what it comes to because it was ended from outside.
    """

    execution: Execution
    capture: Capture
    outcome_file: int
    progress: Progress
    mask: Mask
    time_limit: float | None = None
    link: ForkServerLink | None = None
    deadline: float = math.inf
    kill_at: float = math.inf
    look_at: float = math.inf
    drain_until: float = math.inf
    ending: End | None = None
    started_at: datetime | None = None
    process: dict[str, Any] = field(default_factory=dict)
    process_stored: bool = False
    exit_status: int | None = None
    usage: dict[str, Any] = field(default_factory=dict)

    @property
    def next_moment(self) -> float:
        """When something is to be done about it."""
        return min(self.deadline, self.kill_at, self.look_at, self.drain_until)

    @property
    def has_news(self) -> bool:
        """Whether the database does not know yet what it printed or told, or its process."""
        told = self.capture.has_pending or self.progress.has_news
        return told or bool(self.process and not self.process_stored)


def call_of(
    execution: Execution, data_dir: Path, secrets: Mapping[str, str], why_not: str
) -> dict[str, Any]:
    """What the job's process needs to know; nobody else is told."""
    return {
        "job_class": execution.job_class,
        "job_id": execution.job_id,
        "execution_id": execution.id,
        "args": execution.arguments,
        "data_dir": str(data_dir),
        "secrets": secrets,
        "why_not": why_not,
    }


def end_of(run: Run, end: End | None = None) -> End:
    """What an ended run comes to, with its output; by its own word where ``end`` is None.

    Its outcome file decides, and where that is empty, the status of its process.
    """
    outcome = None
    if end is None:
        outcome, end = _own_word(run)
    chunks = run.capture.take_rest()
    run.progress.look(math.inf)
    changes: dict[str, Any] = run.process | run.usage | run.progress.take()
    changes["output_bytes"] = run.capture.total_bytes
    changes["output_dropped"] = run.capture.dropped_bytes
    if run.started_at is not None:
        changes["started_at"] = run.started_at
    if outcome is not None:
        changes["result"] = outcome.result
        changes["report"] = None if outcome.report is None else to_data(outcome.report)
    return replace(end, changes=changes, chunks=chunks)


def _own_word(run: Run) -> tuple[Outcome | None, End]:
    content = read_all(run.outcome_file, OUTCOME_LIMIT)
    try:
        data = _masked(json.loads(content), run.mask) if content else {}
        if NO_CLASS in data:
            return None, End(State.SCHEDULED_ERROR, Cause.NOT_STARTED, data[NO_CLASS])
        outcome = Outcome.from_data(data) if data else None
    except (ValueError, TypeError, KeyError):
        # The file lies open to the job's own code, which may have written into it.
        outcome = Outcome(False, error="The job's process left an outcome that cannot be read.")
    return outcome, _verdict(run, outcome)


def _masked(data: Any, mask: Mask) -> Any:
    """Without the values of secrets; stars amid the bytes of a picture would spoil the outcome."""
    if not isinstance(data, dict) or "report" not in data:
        return mask.data(data)
    others = {name: each for name, each in data.items() if name != "report"}
    return {**mask.data(others), "report": with_texts(data["report"], mask.data)}


def _verdict(run: Run, outcome: Outcome | None) -> End:
    if run.ending is not None:
        return run.ending
    if outcome is not None and outcome.succeeded:
        return End(State.SUCCEEDED, Cause.RETURNED, outcome.description)
    if outcome is not None:
        return End(State.FAILED, Cause.RAISED, _failure(outcome))
    status = run.exit_status or 0
    if status < 0:
        reason = f"The job's process was killed by signal {-status}."
        return End(State.FAILED, Cause.KILLED, reason)
    reason = f"The job's process left with exit code {status}."
    return End(State.FAILED, Cause.EXITED, reason)


def _failure(outcome: Outcome) -> str:
    """The error, behind what the job's class has to say of its failures."""
    error = outcome.error or "The job failed."
    return f"{outcome.description} ({error})" if outcome.description else error
