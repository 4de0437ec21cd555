"""What follows from an end, recorded in its transaction: attempts, runs of other jobs, mails."""

import random
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from botsched.domain.closures import closures_of
from botsched.domain.consequences import consequences
from botsched.domain.controls import Controls
from botsched.domain.execution import Cause, Execution, State
from botsched.domain.fates import in_the_way
from botsched.domain.ids import new_id
from botsched.domain.job import Job, Policy
from botsched.domain.retry import Retry
from botsched.errors import NotFoundError
from botsched.execution.mailing import owe_of_end, owe_of_unrun
from botsched.execution.run import End
from botsched.execution.waiting import Order
from botsched.store.jobs import Governing
from botsched.store.session import Session

_HOW = {
    State.SUCCEEDED: "succeeded",
    State.FAILED: "failed",
    State.TIMEOUT: "took too long",
    State.SCHEDULED_ERROR: "could not be started",
    State.LOST: "was lost",
    State.STOPPED: "was stopped",
    State.MISSED: "was missed",
    State.SKIPPED: "was skipped",
}


def follow(
    session: Session,
    before: Execution,
    job: Governing | None,
    end: End,
    at: datetime,
    defaults: Policy,
) -> list[Order]:
    """Record what follows when an execution, here as it was before, ends; gives what is to run.

    ``job`` is what held for its job until this end, None when the job was deleted.
    """
    policy = None if job is None else job.policy
    what = consequences(before, end.state, end.cause, policy, has_output=end.has_output)
    if what.retry is None:
        rules = defaults if policy is None else policy.over(defaults)
        owe_of_end(session, before, end, what.occasions, rules, job, at)
    rows = [] if what.retry is None else [_next_attempt(before, end.state, what.retry, at)]
    rows += _follow_ups(session, before, end.state, what.follow_ups, at, defaults)
    session.executions.add(rows)
    return orders_of(session, rows, defaults)


def orders_of(session: Session, rows: Iterable[Execution], defaults: Policy) -> list[Order]:
    """Orders to run those of these executions that are scheduled, by the rules of their jobs."""
    rows = [row for row in rows if row.state is State.SCHEDULED]
    jobs = session.jobs.by_ids({row.job_id for row in rows}) if rows else {}
    policies = {job.id: job.policy.over(defaults) for job in jobs.values()}
    return [Order(row, policies.get(row.job_id, defaults)) for row in rows]


def withheld(session: Session, execution: Execution, at: datetime) -> End | None:
    """How an execution ends that waited for its moment and may not start now; None when it may.

    What a user asked for is bound by neither pause nor windows. A hold is none of this: what is
    recorded waits until it is released.
    """
    job = _job(session, execution.job_id)
    if job is None:
        return End(State.SKIPPED, Cause.DELETED, "The job was deleted while this waited.")
    if execution.user is not None:
        return None
    return _closed(job, replace(session.controls.get(), hold=None), at)


def _job(session: Session, job_id: str) -> Job | None:
    with suppress(NotFoundError):
        return session.jobs.get(job_id)
    return None


def _next_attempt(before: Execution, state: State, retry: Retry, at: datetime) -> Execution:
    """The same run once more, with class and arguments as they were."""
    wait = retry.wait(before.attempt, random.random())  # noqa: S311  (it guards nothing)
    number = before.attempt + 1
    seconds = round(wait.total_seconds(), 1)
    return Execution(
        id=new_id(),
        job_id=before.job_id,
        job_name=before.job_name,
        job_class=before.job_class,
        arguments=before.arguments,
        state=State.SCHEDULED,
        cause=Cause.RETRY,
        reason=f"Attempt {number} of {retry.attempts}, {seconds:.10g} s after attempt "
        f"{before.attempt} {_HOW[state]}.",
        scheduled_at=at + wait,
        updated_at=at,
        user=before.user,
        attempt=number,
        retry_of=before.retry_of or before.id,
        caused_by=before.id,
        not_before=at + wait,
    )


def _follow_ups(
    session: Session,
    before: Execution,
    state: State,
    job_ids: tuple[str, ...],
    at: datetime,
    defaults: Policy,
) -> list[Execution]:
    """Runs of other jobs, as those are now; one that may not run is recorded as skipped."""
    if not job_ids:
        return []
    jobs = session.jobs.by_ids(job_ids)
    active = session.executions.active_counts(at)
    controls = session.controls.get()
    why = f"Runs because {before.job_name!r} {_HOW[state]}."
    rows = []
    for job in (jobs[each] for each in job_ids if each in jobs):
        row = replace(Execution.of(job, Cause.FOLLOWED, why, at), caused_by=before.id)
        policy = job.policy.over(defaults)
        end = _closed(job, controls, at) or _overlapping(policy, active.get(job.id, 0))
        rows.append(row if end is None else _ended(row, end))
        if end is not None:
            owe_of_unrun(session, [(rows[-1], policy)])
    return rows


def _closed(job: Job, controls: Controls, at: datetime) -> End | None:
    """The end of what a pause, a hold or a window keeps from running."""
    for closure in closures_of(job, controls, at, at):
        if closure.covers(at):
            return End(closure.state, closure.cause, closure.reason)
    return None


def _overlapping(policy: Policy, active: int) -> End | None:
    reason = in_the_way(policy, active)
    return None if reason is None else End(State.SKIPPED, Cause.OVERLAP, reason)


def _ended(row: Execution, end: End) -> Execution:
    """A run that is recorded, and not made."""
    reason = f"{row.reason} {end.reason}"
    return replace(row, state=end.state, cause=end.cause, reason=reason, ended_at=row.updated_at)
