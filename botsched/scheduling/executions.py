"""What users do with executions and the audit log."""

from contextlib import suppress
from dataclasses import dataclass

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.clock import Clock
from botsched.domain.execution import (
    Cause,
    Execution,
    OutputChunk,
    State,
    being_stopped,
)
from botsched.domain.outbox import Mail
from botsched.domain.paging import AuditFilter, ExecutionFilter, Page, Paging
from botsched.errors import NotFoundError
from botsched.execution.runner import Runner
from botsched.store.session import Session
from botsched.store.store import Store


@dataclass(frozen=True, slots=True)
class Related:
    """Executions around one: all attempts of its run, if there are several, in order; what it
    follows; and the runs of other jobs that follow it.
    """

    attempts: list[Execution]
    cause: Execution | None
    followers: list[Execution]


class ExecutionService:
    """Use cases around executions."""

    def __init__(self, store: Store, runner: Runner, clock: Clock) -> None:
        self._store = store
        self._runner = runner
        self._clock = clock

    def find(self, wanted: ExecutionFilter, paging: Paging) -> Page[Execution]:
        """Executions, the newest update first. Raises InvalidError for a strange cursor."""
        return self._store.read(lambda session: session.executions.find(wanted, paging))

    def get(self, execution_id: str) -> Execution:
        """One execution. Raises NotFoundError."""
        return self._store.read(lambda session: session.executions.get(execution_id))

    def output(
        self, execution_id: str, after: int = 0, limit: int | None = None
    ) -> list[OutputChunk]:
        """What it printed, from behind the chunk numbered ``after``. Raises NotFoundError."""

        def operation(session: Session) -> list[OutputChunk]:
            session.executions.get(execution_id)
            return session.output.get(execution_id, after, limit)

        return self._store.read(operation)

    def related(self, execution: Execution) -> Related:
        """What is around an execution, as far as it is still kept."""
        first = execution.retry_of or execution.id

        def operation(session: Session) -> Related:
            caused = session.executions.caused_by(execution.id)
            attempts = session.executions.find(ExecutionFilter(retry_of=first), Paging()).items
            cause = None
            if execution.caused_by is not None and execution.attempt == 1:
                with suppress(NotFoundError):
                    cause = session.executions.get(execution.caused_by)
            return Related(
                sorted(attempts, key=lambda each: each.attempt) if len(attempts) > 1 else [],
                cause,
                [each for each in caused if each.retry_of is None],
            )

        return self._store.read(operation)

    def mails(self, execution_id: str) -> list[Mail]:
        """The mails that are owed, or were sent, about it."""
        return self._store.read(lambda session: session.outbox.of_execution(execution_id))

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
