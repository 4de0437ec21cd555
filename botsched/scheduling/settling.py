"""Giving the due instants of a job their fates, inside a transaction."""

import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from botsched.domain.closures import TICK, Closure
from botsched.domain.execution import Cause, Execution, State
from botsched.domain.fates import Decision, decide
from botsched.domain.ids import new_id
from botsched.domain.job import Job, Policy
from botsched.execution.waiting import Order
from botsched.store.session import Session


@dataclass(slots=True)
class Settled:
    """What was decided: rows for the record, and those of them that are to be run."""

    executions: list[Execution] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)

    def record(self, session: Session, *, careful: bool = False) -> None:
        """Write the rows. ``careful`` leaves out instants that are recorded already.

        That happens when the clock was set back and a schedule was changed meanwhile.
        """
        if careful:
            known = {
                job_id: session.executions.existing(job_id, dues)
                for job_id, dues in _by_job(self.executions).items()
            }
            self.executions = [row for row in self.executions if row.due not in known[row.job_id]]
            kept = {row.id for row in self.executions}
            self.orders = [order for order in self.orders if order.execution.id in kept]
        session.executions.add(self.executions)


def settle(job: Job, now: datetime, defaults: Policy, active: int, into: Settled) -> None:
    """Decide about all instants of a job up to now that have no fate yet."""
    if job.next_due is None or job.next_due > now:
        return
    policy = job.policy.over(defaults)
    closures = [] if job.paused_at is None else [_pause(job, job.next_due, now)]
    for decision in decide(job.schedule, job.next_due, now, policy, active, closures):
        row = _row(job, decision, now)
        into.executions.append(row)
        if row.state is State.SCHEDULED:
            into.orders.append(Order(row, policy))


def _pause(job: Job, first: datetime, now: datetime) -> Closure:
    reason = f"The job was paused by {job.paused_by} at {job.paused_at:%Y-%m-%d %H:%M:%S} UTC."
    return Closure(first, now + TICK, Cause.PAUSED, reason)


def _row(job: Job, decision: Decision, now: datetime) -> Execution:
    several = decision.count > 1
    return Execution(
        id=new_id(),
        job_id=job.id,
        job_name=job.name,
        job_class=job.job_class,
        arguments=job.arguments,
        state=decision.state,
        cause=decision.cause,
        reason=decision.reason,
        scheduled_at=decision.first,
        updated_at=now,
        due=decision.first,
        due_last=decision.last if several else None,
        due_count=decision.count,
        ended_at=None if decision.state is State.SCHEDULED else now,
        hostname=platform.node(),
    )


def _by_job(executions: Iterable[Execution]) -> dict[str, list[datetime]]:
    dues: dict[str, list[datetime]] = {}
    for execution in executions:
        if execution.due is not None:
            dues.setdefault(execution.job_id, []).append(execution.due)
    return dues
