"""What users do with executions and the audit log."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from statistics import median
from typing import Final

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.clock import Clock
from botsched.domain.execution import (
    Cause,
    Execution,
    State,
    being_stopped,
)
from botsched.domain.paging import AuditFilter, ExecutionFilter, OutputPart, Page, Paging
from botsched.errors import NotFoundError
from botsched.execution.runner import Runner
from botsched.scheduling.outputs import Output, read_output
from botsched.store.session import Session
from botsched.store.store import Store

USUAL_OF: Final = 20
"""Runs of which the usual duration is the median."""


@dataclass(frozen=True, slots=True)
class Related:
    """Executions around one, without their results and reports.

    ``previous`` and ``next`` are of the same job, in the order of their last updates; ``attempts``
    all of its run, if there are several, in order; ``cause`` is what it follows, and ``followers``
    are the runs of other jobs that follow it. ``usual_seconds`` is the median of what the last
    runs before it took that succeeded.
    """

    previous: Execution | None
    next: Execution | None
    attempts: list[Execution]
    cause: Execution | None
    followers: list[Execution]
    usual_seconds: float | None


class ExecutionService:
    """Use cases around executions."""

    def __init__(self, store: Store, runner: Runner, clock: Clock) -> None:
        self._store = store
        self._runner = runner
        self._clock = clock

    def find(
        self, wanted: ExecutionFilter, paging: Paging, *, results: bool = True
    ) -> Page[Execution]:
        """Executions, the newest update first. Raises InvalidError for a strange cursor.

        They come without reports, and with ``results`` only where those are wanted.
        """
        return self._store.read(
            lambda session: session.executions.find(wanted, paging, results=results)
        )

    def get(self, execution_id: str) -> Execution:
        """One execution. Raises NotFoundError."""
        return self._store.read(lambda session: session.executions.get(execution_id))

    def output(self, execution_id: str, wanted: OutputPart) -> Output:
        """What it printed, read as it is asked for. Raises NotFoundError."""
        return read_output(self._store, execution_id, wanted)

    def related(self, execution: Execution) -> Related:
        """What is around an execution, as far as it is still kept."""
        first = execution.retry_of or execution.id

        def operation(session: Session) -> Related:
            find = partial(session.executions.find, paging=Paging(), results=False)
            caused = find(ExecutionFilter(caused_by=execution.id)).items
            attempts = find(ExecutionFilter(retry_of=first)).items
            durations = session.job_runs.durations_before(execution, USUAL_OF)
            cause = None
            if execution.caused_by is not None and execution.attempt == 1:
                with suppress(NotFoundError):
                    cause = session.executions.get(execution.caused_by)
            return Related(
                session.job_runs.previous(execution),
                session.job_runs.next(execution),
                sorted(attempts, key=lambda each: each.attempt) if len(attempts) > 1 else [],
                cause,
                sorted((each for each in caused if each.retry_of is None), key=attrgetter("id")),
                median(durations) if durations else None,
            )

        return self._store.read(operation)

    def stop(self, execution_id: str, user: str) -> None:
        """Stop an execution; one that waits for a slot is not started any more.

        Raises NotFoundError, and ConflictError when it has ended or is being stopped already.
        """
        now = self._clock()

        def operation(session: Session) -> State:
            execution = session.executions.get(execution_id)
            if execution.state is State.SCHEDULED:
                state = State.STOPPED
                changes = {"ended_at": now, "reason": f"Stopped by {user} before it started."}
            else:
                state = State.STOPPING
                changes = {"reason": being_stopped(user)}
            session.executions.require_move(
                execution_id, state, now, cause=Cause.STOPPED, **changes
            )
            session.audit.add(_stopped(execution, user, self._clock))
            return state

        if self._store.write(operation) is State.STOPPING:
            self._runner.stop(execution_id, user)


class AuditService:
    """The audit log as users see it, and the logins that go into it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def find(self, wanted: AuditFilter, paging: Paging) -> Page[AuditEvent]:
        """Events, the newest first. Raises InvalidError for a strange cursor."""
        return self._store.read(lambda session: session.audit.find(wanted, paging))

    def login(self, user: str, address: str) -> None:
        """Record, without waiting for it, that a user came in from this address."""
        event = AuditEvent(Event.LOGIN, user, self._clock(), description=f"from {address}")
        self._store.submit(lambda session: session.audit.add(event))


def _stopped(execution: Execution, user: str, clock: Clock) -> AuditEvent:
    return AuditEvent(
        Event.STOPPED,
        user,
        clock(),
        execution.job_id,
        execution.job_name,
        f"execution {execution.id}",
    )
