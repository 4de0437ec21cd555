"""What the runner writes: claims, progress, and ends with what follows from them."""

import platform
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from datetime import datetime

from botsched.domain.clock import Clock
from botsched.domain.execution import State
from botsched.domain.ids import new_id
from botsched.domain.outbox import Mail, MailState, is_owed
from botsched.errors import NotFoundError
from botsched.execution.processes import boot_id, start_time
from botsched.execution.run import End, Run
from botsched.store.session import Session
from botsched.store.store import Store


class Recorder:
    """Writes for the runner; ``profiles`` are the SMTP profiles through which ends are mailed."""

    def __init__(self, store: Store, clock: Clock, profiles: tuple[str, ...]) -> None:
        self._store = store
        self._clock = clock
        self._profiles = profiles
        self._host = {"hostname": platform.node(), "boot_id": boot_id()}

    def together(self) -> AbstractContextManager[None]:
        """What is recorded inside shares one transaction: ends, and the claims that follow them."""
        return self._store.together()

    def claim(self, ids: list[str]) -> Future[list[str]]:
        """Set scheduled executions running; gives those that still were scheduled.

        Nothing is started before this is committed, so that no crash can make it run twice.
        To be called again for those of which it was not known whether they are committed.
        """
        now = self._clock()

        def operation(session: Session) -> list[str]:
            return [
                execution_id
                for execution_id in ids
                if session.executions.move(
                    execution_id, State.RUNNING, now, started_at=now, **self._host
                )
                or self._is_claimed(session, execution_id)
            ]

        return self._store.submit(operation)

    def _is_claimed(self, session: Session, execution_id: str) -> bool:
        """Whether an earlier claim was committed, but the connection lost before it was known."""
        with suppress(NotFoundError):
            row = session.executions.get(execution_id)
            host = {"hostname": row.hostname, "boot_id": row.boot_id}
            return row.state is State.RUNNING and row.pid is None and host == self._host
        return False

    def progress(self, run: Run) -> None:
        """Store output that came, and which process runs the job."""
        chunks = run.capture.take_pending()
        changes = {"output_bytes": run.capture.total_bytes} | run.process
        if "pid" in run.process:
            # With its pid alone it could not be told, after a crash, from another process.
            changes["pid_started"] = start_time(run.process["pid"])

        def operation(session: Session) -> None:
            session.output.add(run.execution.id, chunks)
            session.executions.amend(run.execution.id, changes)

        self._store.submit(operation, durable=True)

    def end(self, execution_id: str, end: End) -> Future[None]:
        """Record the end of an execution and the mails it owes, in one transaction."""
        return self._store.submit(
            lambda session: record_end(session, execution_id, end, self._clock(), self._profiles),
            durable=True,
        )


def record_end(
    session: Session, execution_id: str, end: End, at: datetime, profiles: tuple[str, ...]
) -> None:
    """Record an end within a transaction; does nothing when the execution has ended already."""
    changes = {"cause": end.cause, "reason": end.reason, "ended_at": at} | end.changes
    if not session.executions.move(execution_id, end.state, at, **changes):
        return
    session.output.add(execution_id, end.chunks)
    if is_owed(end.state, has_output=end.has_output):
        session.outbox.add([_mail(execution_id, profile, at) for profile in profiles])


def _mail(execution_id: str, profile: str, at: datetime) -> Mail:
    return Mail(
        id=new_id(),
        execution_id=execution_id,
        profile=profile,
        state=MailState.QUEUED,
        attempts=0,
        created_at=at,
        next_attempt_at=at,
    )
