"""Giving the due instants of a job their fates, inside a transaction."""

import platform
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.closures import closures_of, stretches
from botsched.domain.controls import Controls
from botsched.domain.execution import Execution, State
from botsched.domain.fates import Decision, decide
from botsched.domain.job import Job, Policy
from botsched.execution.mailing import owe_of_unrun
from botsched.execution.waiting import Order
from botsched.store.session import Session

SCHEDULER = "scheduler"
"""The user of what the program does by itself."""


@dataclass(slots=True)
class Settled:
    """What was decided: rows for the record, those of them that are to be run, and those not.

    Mails may be owed about the latter, by the rules of their jobs.
    """

    executions: list[Execution] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    unrun: list[tuple[Execution, Policy]] = field(default_factory=list)

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
            self.unrun = [each for each in self.unrun if each[0].id in kept]
        session.executions.add(self.executions)
        owe_of_unrun(session, self.unrun)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the jobs: when it is, and what holds for all of them then."""

    now: datetime
    defaults: Policy
    controls: Controls


@dataclass(frozen=True, slots=True)
class Parked:
    """The first instant of a job that is left for the end of a closure, and that end."""

    first: datetime
    until: datetime


def settle(
    job: Job, look: Look, active: int, into: Settled, *, parking: bool = False
) -> Parked | None:
    """Decide about all instants of a job up to now that have no fate yet.

    ``active`` is how many executions of the job have not ended. With ``parking``, instants of a
    closure that goes on are left for its end, to be one row then.
    """
    if job.next_due is None or job.next_due > look.now:
        return None
    policy = job.policy.over(look.defaults)
    closures = closures_of(job, look.controls, job.next_due, look.now)
    decisions = decide(job.schedule, job.next_due, look.now, policy, active, closures)
    parked = None
    if parking:
        *_, last = stretches(job.next_due, look.now, closures)
        if last.closure is not None and decisions[-1].first >= last.start:
            parked = Parked(decisions.pop().first, last.closure.end)
    for decision in decisions:
        row = _row(job, decision, look.now)
        into.executions.append(row)
        if row.state is State.SCHEDULED:
            into.orders.append(Order(row, policy))
        else:
            into.unrun.append((row, policy))
    return parked


def end_pause(session: Session, job: Job, look: Look, into: Settled) -> Job:
    """A job as it goes on when its pause ends by itself, stored and told; else the job itself.

    What was due until now has its fate among ``into``.
    """
    after = job.after_pause(look.now)
    if after is job:
        return job
    active = session.executions.active_counts(look.now).get(job.id, 0)
    settle(job, look, active, into)
    until = job.settled_until(look.now)
    after = replace(
        after,
        next_due=job.schedule.next_after(until),
        updated_at=look.now,
        version=job.version + 1,
    )
    session.jobs.replace(after)
    text = f"the pause by {job.paused_by} was until {job.paused_until:%Y-%m-%d %H:%M:%S} UTC"
    session.audit.add(
        AuditEvent(Event.RESUMED, SCHEDULER, look.now, job.id, job.name, description=text)
    )
    return after


def _row(job: Job, decision: Decision, now: datetime) -> Execution:
    return replace(
        Execution.of(job, decision.cause, decision.reason, decision.first),
        state=decision.state,
        updated_at=now,
        due=decision.first,
        due_last=decision.last if decision.count > 1 else None,
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
