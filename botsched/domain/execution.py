"""An execution: one due instant, or one run asked for by hand, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from botsched.domain.ids import new_id
from botsched.domain.job import Arguments, Job

LATE_AFTER = timedelta(seconds=10)
"""A run that starts later than this after its instant is called late."""


class State(StrEnum):
    """Where an execution stands. The values are those that clients of the REST API know."""

    SCHEDULED = "scheduled"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"
    SUCCEEDED = "succeeded"
    TIMEOUT = "timeout"
    SCHEDULED_ERROR = "scheduled error"
    MISSED = "missed"
    SKIPPED = "skipped"
    LOST = "lost"


ENDINGS: dict[State, frozenset[State]] = {
    State.SCHEDULED: frozenset(
        {State.RUNNING, State.STOPPED, State.SCHEDULED_ERROR, State.MISSED, State.SKIPPED}
    ),
    State.RUNNING: frozenset(
        {
            State.STOPPING,
            State.SUCCEEDED,
            State.FAILED,
            State.TIMEOUT,
            State.STOPPED,
            State.SCHEDULED_ERROR,
            State.LOST,
        }
    ),
    State.STOPPING: frozenset(
        {
            State.STOPPED,
            State.SUCCEEDED,
            State.FAILED,
            State.TIMEOUT,
            State.SCHEDULED_ERROR,
            State.LOST,
        }
    ),
}
"""The states that may follow each state; what is not a key here is final."""

ACTIVE = frozenset(ENDINGS)
FINAL = frozenset(State) - ACTIVE
OUTCOMES = FINAL - {State.SKIPPED}
"""The ends that say how a job fares. An instant that was to be left out says nothing of it."""
UNSUCCESSFUL = frozenset({State.FAILED, State.TIMEOUT, State.SCHEDULED_ERROR, State.LOST})
BAD = UNSUCCESSFUL | {State.MISSED}
"""The outcomes that somebody should look at."""


def may_come_from(state: State) -> frozenset[State]:
    """The states that this one may follow."""
    return frozenset(before for before, after in ENDINGS.items() if state in after)


def being_stopped(user: str) -> str:
    """The reason of an execution that is told to end."""
    return f"Being stopped by {user}."


def stopper(reason: str) -> str:
    """The user named in such a reason."""
    return reason.removeprefix("Being stopped by ").removesuffix(".")


class Cause(StrEnum):
    """Why an execution is in its state, for programs; ``Execution.reason`` says it in words."""

    DUE = "due"
    REQUESTED = "requested"
    RETRY = "retry"
    FOLLOWED = "followed"
    RETURNED = "returned"
    RAISED = "raised"
    EXITED = "exited"
    KILLED = "killed"
    TIME_LIMIT = "time limit"
    STOPPED = "stopped"
    SHUT_DOWN = "shut down"
    NOT_STARTED = "not started"
    COALESCED = "coalesced"
    GRACE = "grace"
    OVERLAP = "overlap"
    LIMIT = "limit"
    WINDOW = "window"
    HOLD = "hold"
    PAUSED = "paused"
    DELETED = "deleted"
    CRASH = "crash"
    REBOOT = "reboot"
    IMPORTED = "imported"


class Fate(StrEnum):
    """What became of a due instant."""

    PENDING = "pending"
    RAN = "ran"
    LATE = "late"
    COALESCED = "coalesced"
    SKIPPED = "skipped"
    NOT_STARTED = "not started"
    MISSED = "missed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Execution:
    """One row of the record.

    ``due`` is the instant of the schedule, None for a run asked for by hand; a row that stands
    for several instants that did not run has the last one in ``due_last`` and their number in
    ``due_count``. Name, class and arguments are the job's as they were at that moment.
    ``cpu_seconds`` and ``max_rss`` (bytes) cover the job's process and the children it waited for.
    ``attempt`` counts the attempts of a run; ``retry_of`` is the first one's id, None in itself.
    ``progress`` is what a job said last of how far it is, from 0 to 1.
    ``caused_by`` is the execution whose end had this one recorded: the attempt before it, or a run
    that it follows. Before ``not_before`` it may not start.
    """

    id: str
    job_id: str
    job_name: str
    job_class: str
    arguments: Arguments
    state: State
    cause: Cause
    reason: str
    scheduled_at: datetime
    updated_at: datetime
    due: datetime | None = None
    due_last: datetime | None = None
    due_count: int = 1
    user: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    hostname: str | None = None
    boot_id: str | None = None
    pid: int | None = None
    pid_started: int | None = None
    result: Any = None
    report: list[dict[str, Any]] | None = None
    output_bytes: int = 0
    output_dropped: int = 0
    cpu_seconds: float | None = None
    max_rss: int | None = None
    progress: float | None = None
    progress_text: str | None = None
    attempt: int = 1
    retry_of: str | None = None
    caused_by: str | None = None
    not_before: datetime | None = None

    @classmethod
    def of(cls, job: Job, cause: Cause, reason: str, at: datetime) -> Self:
        """A new one of this job as it is now, scheduled for this moment."""
        return cls(
            id=new_id(),
            job_id=job.id,
            job_name=job.name,
            job_class=job.job_class,
            arguments=job.arguments,
            state=State.SCHEDULED,
            cause=cause,
            reason=reason,
            scheduled_at=at,
            updated_at=at,
        )

    @property
    def duration(self) -> float | None:
        """How many seconds it took; None while it has not ended, or when it never began.

        Of a lost one nobody saw the end: it is recorded as ended when it was found to be lost.
        """
        if self.started_at is None or self.ended_at is None or self.state is State.LOST:
            return None
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def fate(self) -> Fate:
        """What became of the instant this row records."""
        return fate_of(self.state, self.cause, self.scheduled_at, self.started_at)


def fate_of(
    state: State, cause: Cause, scheduled_at: datetime, started_at: datetime | None
) -> Fate:
    """What became of an instant, by what its row says."""
    if state in _FATES:
        return _FATES[state]
    if cause is Cause.COALESCED:
        return Fate.COALESCED
    if state is State.SKIPPED or started_at is None:
        return Fate.SKIPPED
    return Fate.LATE if started_at - scheduled_at > LATE_AFTER else Fate.RAN


_FATES = {
    State.SCHEDULED: Fate.PENDING,
    State.SCHEDULED_ERROR: Fate.NOT_STARTED,
    State.MISSED: Fate.MISSED,
    State.LOST: Fate.LOST,
}


@dataclass(frozen=True, slots=True)
class OutputChunk:
    """A piece of what an execution printed; ``stream`` is ``out`` or ``err``."""

    sequence: int
    stream: str
    at: datetime
    text: str
