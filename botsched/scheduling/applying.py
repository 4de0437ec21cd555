"""Having the jobs be as a set of files describes them: all of it in one transaction, or nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.job import Job
from botsched.errors import ConflictError
from botsched.execution.waiting import Order
from botsched.scheduling.drafts import begun
from botsched.scheduling.sets import Deed, JobSet, Plan, Planner, Step
from botsched.scheduling.settling import Look, Settled, end_pause, settle
from botsched.scheduling.wording import changes, describe, differences
from botsched.store.errors import DuplicateError
from botsched.store.session import Session
from botsched.store.store import Store


class JobSets:
    """Use cases around sets. ``begun`` is told what is to be run after an application."""

    def __init__(
        self, store: Store, planner: Planner, begun: Callable[[list[Order]], None]
    ) -> None:
        self._store = store
        self._planner = planner
        self._begun = begun

    def plan(self, wanted: JobSet, user: str) -> Plan:
        """What is to be done. Raises InvalidError for all faults at once."""
        present = self._store.read(lambda session: session.jobs.all())
        return self._planner.plan(wanted, present, user)

    def apply(self, wanted: JobSet, user: str, seen: Mapping[str, int] | None = None) -> Plan:
        """Do it, and tell what was done.

        ``seen`` is that of the plan which the user looked at: raises ConflictError, and does
        nothing, when another one is to be carried out by now.
        """
        self.plan(wanted, user)

        def operation(session: Session) -> tuple[Plan, Settled]:
            session.touch()  # no other server changes a job before this is done
            plan = self._planner.plan(wanted, session.jobs.all(), user, checked=True)
            if seen is not None and dict(seen) != plan.seen:
                raise _changed(seen, plan)
            return plan, self._carry_out(session, plan, user)

        try:
            plan, settled = self._store.write(operation)
        except DuplicateError as error:
            raise ConflictError(
                "Somebody else changed the same jobs at this moment; nothing was done. Try again."
            ) from error
        self._begun(settled.orders)
        return plan

    def _carry_out(self, session: Session, plan: Plan, user: str) -> Settled:
        now = self._planner.clock()
        look = Look(now, self._planner.defaults, session.controls.get())
        all_settled = Settled()
        for step in plan.todo:
            settled = Settled()
            event = self._carry_out_step(session, step, user, look, settled)
            session.audit.add(event)
            all_settled.orders += settled.orders
        return all_settled

    def _carry_out_step(
        self, session: Session, step: Step, user: str, look: Look, settled: Settled
    ) -> AuditEvent:
        now = look.now
        if step.before is None:
            job = begun(step.job, now)
            session.jobs.add(job, user)
            return AuditEvent(Event.ADDED, user, now, job.id, job.name, describe(job))
        job = session.jobs.get_for_change(step.job.id)
        if job.paused_until is not None:
            job = end_pause(session, job, look, settled)
        if job.next_due is not None and job.next_due <= now:
            active = session.executions.active_counts(now).get(job.id, 0)
            settle(job, look, active, settled)
        settled.record(session, careful=True)
        if step.deed is Deed.DELETE:
            session.jobs.delete(job.id, now, user)
            return AuditEvent(Event.DELETED, user, now, job.id, job.name, describe(job))
        edited = _edited(job, step, now)
        session.jobs.replace(edited, user)
        told = AuditEvent(Event.MODIFIED, user, now, job.id, edited.name, differences(job, edited))
        return replace(told, changes=changes(job, edited))


def _edited(job: Job, step: Step, now: datetime) -> Job:
    """The job as it is in the database now, with what the step says."""
    after, before = step.job, step.before
    edited = replace(
        job,
        name=after.name,
        job_class=after.job_class,
        arguments=after.arguments,
        schedule=after.schedule,
        policy=after.policy,
        tags=after.tags,
        notes=after.notes,
        managed_by=after.managed_by,
        next_due=after.schedule.next_after(job.settled_until(now)),
        updated_at=now,
        version=job.version + 1,
        parked_until=None,
    )
    if before is not None and after.paused != before.paused:
        since = now if after.paused else None
        return replace(edited, paused_at=since, paused_by=after.paused_by, paused_until=None)
    return edited


def _changed(seen: Mapping[str, int], plan: Plan) -> ConflictError:
    now = plan.seen
    ids = sorted(each for each in seen.keys() | now.keys() if seen.get(each) != now.get(each))
    named = ", ".join(repr(each) for each in ids[:5]) + (", ..." if len(ids) > 5 else "")
    return ConflictError(
        f"Meanwhile somebody changed {named}; nothing was done. Look at the plan again."
    )
