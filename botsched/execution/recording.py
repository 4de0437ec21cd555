"""What the runner writes: claims, progress, and ends with what follows from them."""

import platform
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from botsched.domain.clock import Clock
from botsched.domain.execution import Execution, State
from botsched.domain.job import Policy
from botsched.errors import NotFoundError
from botsched.execution.following import follow, orders_of, withheld
from botsched.execution.processes import boot_id, start_time
from botsched.execution.run import End, Run
from botsched.execution.waiting import Order
from botsched.store.session import Session
from botsched.store.store import Store


@dataclass(slots=True)
class Claim:
    """What may be started; and what is to run because an attempt, withheld, was the last one."""

    ids: set[str] = field(default_factory=set)
    following: list[Order] = field(default_factory=list)


class Recorder:
    """Writes for the runner; ``defaults`` are the policies of jobs that say nothing."""

    def __init__(self, store: Store, clock: Clock, defaults: Policy) -> None:
        self._store = store
        self._clock = clock
        self._defaults = defaults
        self._host = {"hostname": platform.node(), "boot_id": boot_id()}

    @property
    def term(self) -> int | None:
        """What this server schedules under; another one after each loss. None while it does not."""
        return self._store.fence.token

    @property
    def open(self) -> bool:
        """Whether runs may be started now."""
        return self._store.fence.open

    def together(self) -> AbstractContextManager[None]:
        """What is recorded inside shares one transaction: ends, and the claims that follow them."""
        return self._store.together()

    def claim(self, executions: list[Execution]) -> Future[Claim]:
        """Set scheduled executions running, as far as they still are scheduled.

        Nothing is started before this is committed, so that no crash can make it run twice.
        To be called again for those of which it was not known whether they are committed.
        """
        now = self._clock()

        def operation(session: Session) -> Claim:
            claim = Claim()
            for execution in executions:
                end = withheld(session, execution, now) if execution.not_before else None
                if end is not None:
                    claim.following += self._record(session, execution, end)
                elif session.executions.move(
                    execution.id, State.RUNNING, now, started_at=now, **self._host
                ):
                    claim.ids.add(execution.id)
                    continue
                if self._is_claimed(session, execution.id):
                    claim.ids.add(execution.id)
            return claim

        return self._store.submit(operation, fenced=True)

    def _is_claimed(self, session: Session, execution_id: str) -> bool:
        """Whether an earlier claim was committed, but the connection lost before it was known."""
        with suppress(NotFoundError):
            row = session.executions.get(execution_id)
            host = {"hostname": row.hostname, "boot_id": row.boot_id}
            return row.state is State.RUNNING and row.pid is None and host == self._host
        return False

    def progress(self, run: Run) -> None:
        """Store output that came, how far the run is, and which process runs the job."""
        chunks = run.capture.take_pending()
        changes = {"output_bytes": run.capture.total_bytes} | run.process | run.progress.take()
        if "pid" in run.process:
            # With its pid alone it could not be told, after a crash, from another process.
            changes["pid_started"] = start_time(run.process["pid"])

        def operation(session: Session) -> None:
            session.output.add(run.execution.id, chunks)
            session.executions.amend(run.execution.id, changes)

        self._store.submit(operation, durable=True, fenced=True)

    def end(self, execution: Execution, end: End) -> Future[list[Order]]:
        """Record an end, with all that follows from it, in one transaction; gives what is to run.

        No crash lies between an end and its consequences.
        """
        return self._store.submit(
            lambda session: self._record(session, execution, end), durable=True, fenced=True
        )

    def _record(self, session: Session, execution: Execution, end: End) -> list[Order]:
        at = self._clock()
        return record_end(session, execution, end, at, self._defaults)


def record_end(
    session: Session,
    execution: Execution,
    end: End,
    at: datetime,
    defaults: Policy,
) -> list[Order]:
    """Record an end, and what follows from it, within a transaction; gives what is to run.

    Of what has ended already, nothing is changed, and what followed then is to run: by an earlier
    attempt to record this end, of which it was not known whether it was committed.
    """
    job = session.jobs.governing(execution.job_id)
    if job is not None and job.policy.leads_on:
        execution = session.executions.get(execution.id)  # somebody may be stopping it
    changes = {"cause": end.cause, "reason": end.reason, "ended_at": at} | end.changes
    if not session.executions.move(execution.id, end.state, at, **changes):
        return orders_of(session, session.executions.caused_by(execution.id), defaults)
    session.output.add(execution.id, end.chunks)
    return follow(session, execution, job, end, at, defaults)
