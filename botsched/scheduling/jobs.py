"""What users do with jobs. Each change is one transaction, with its line in the audit log."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from botsched.catalog import CatalogueDescription
from botsched.domain.audit import AuditEvent, Event
from botsched.domain.clock import Clock
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.execution import Cause, Execution, State
from botsched.domain.ids import new_id
from botsched.domain.job import Arguments, Job, JobPolicy, Policy
from botsched.domain.paging import JobFilter, Page, Paging
from botsched.domain.wallclock import parse_timezone
from botsched.errors import ConflictError, InvalidError
from botsched.execution.runner import Runner
from botsched.execution.waiting import Order
from botsched.scheduling.settling import Settled, settle
from botsched.store.session import Session
from botsched.store.store import Store

_NAME_LIMIT = 255


@dataclass(frozen=True, slots=True)
class JobDraft:
    """A job as a user asks for it. ``cron`` holds the fields that were given."""

    name: str
    job_class: str
    cron: Mapping[str, str]
    arguments: Arguments = field(default_factory=list)
    timezone: str | None = None
    policy: JobPolicy = field(default_factory=JobPolicy)


@dataclass(frozen=True, slots=True)
class JobChanges:
    """What is to be changed; None leaves a thing as it is.

    ``cron`` replaces the schedule as a whole. ``policy`` names the fields of JobPolicy to change.
    ``version`` is the one the user saw; the change is refused when there is a newer one.
    """

    name: str | None = None
    job_class: str | None = None
    arguments: Arguments | None = None
    cron: Mapping[str, str] | None = None
    timezone: str | None = None
    policy: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None


class JobService:
    """Use cases around jobs. All raise StoreError when the database is away."""

    def __init__(
        self,
        store: Store,
        runner: Runner,
        clock: Clock,
        defaults: Policy,
        timezone: str,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._runner = runner
        self._clock = clock
        self._defaults = defaults
        self._timezone = timezone
        self._wake = wake

    def find(self, wanted: JobFilter, paging: Paging) -> Page[Job]:
        """Jobs by name. Raises InvalidError for a cursor of another list."""
        return self._store.read(lambda session: session.jobs.find(wanted, paging))

    def get(self, job_id: str) -> Job:
        """One job. Raises NotFoundError."""
        return self._store.read(lambda session: session.jobs.get(job_id))

    def by_ids(self, job_ids: Iterable[str]) -> dict[str, Job]:
        """Those of these jobs that exist."""
        return self._store.read(lambda session: session.jobs.by_ids(job_ids))

    def catalogue(self, timeout: float = 30) -> CatalogueDescription:
        """The job classes there are, and what could not be loaded.

        Raises ExecutionError when the folders are not loaded in time, in seconds.
        """
        return self._runner.catalogue(timeout)

    def add(self, draft: JobDraft, user: str) -> Job:
        """Add a job. Raises InvalidError naming each field that makes no sense."""
        now = self._clock()
        zone = parse_timezone(draft.timezone or self._timezone)
        schedule = CronSchedule.of(draft.cron, zone)
        job = Job(
            id=new_id(),
            name=_checked_name(draft.name),
            job_class=self._checked_class(draft.job_class),
            arguments=draft.arguments,
            schedule=schedule,
            policy=draft.policy,
            next_due=schedule.next_after(now),
            created_at=now,
            updated_at=now,
        )

        def operation(session: Session) -> None:
            session.jobs.add(job)
            session.audit.add(_event(Event.ADDED, job, user, now, describe(job)))

        self._store.write(operation)
        self._wake()
        return job

    def change(self, job_id: str, changes: JobChanges, user: str) -> Job:
        """Change a job; instants due under the old schedule get their fates first.

        Raises NotFoundError, InvalidError, and ConflictError when somebody else was faster.
        """
        now = self._clock()
        if changes.job_class is not None:
            self._checked_class(changes.job_class)

        def operation(session: Session) -> tuple[Job, Settled]:
            job = session.jobs.get(job_id)
            if changes.version not in (None, job.version):
                raise ConflictError(
                    f"Job {job.name!r} was changed meanwhile (version {job.version}, "
                    f"yours is {changes.version}). Look at it again and repeat your change."
                )
            settled = self._settle(session, job, now)
            changed = _changed(job, changes, now)
            session.jobs.replace(changed)
            text = differences(job, changed)
            session.audit.add(_event(Event.MODIFIED, changed, user, now, text))
            return changed, settled

        return self._written(operation)

    def delete(self, job_id: str, user: str) -> None:
        """Delete a job; its executions stay. Raises NotFoundError."""
        now = self._clock()

        def operation(session: Session) -> tuple[Job, Settled]:
            job = session.jobs.get(job_id)
            settled = self._settle(session, job, now)
            session.jobs.delete(job_id)
            session.audit.add(_event(Event.DELETED, job, user, now, describe(job)))
            return job, settled

        self._written(operation)

    def pause(self, job_id: str, user: str) -> Job:
        """Skip all instants from now on; nothing is changed when it is paused already."""
        now = self._clock()

        def operation(session: Session) -> tuple[Job, Settled]:
            job = session.jobs.get(job_id)
            if job.paused:
                return job, Settled()
            settled = self._settle(session, job, now)
            following = job.schedule.next_after(now)
            paused = replace(job, paused_at=now, paused_by=user, next_due=following)
            paused = _touched(paused, now)
            session.jobs.replace(paused)
            session.audit.add(_event(Event.PAUSED, paused, user, now))
            return paused, settled

        return self._written(operation)

    def resume(self, job_id: str, user: str) -> Job:
        """Go on; the instants that were skipped meanwhile are recorded as such."""
        now = self._clock()

        def operation(session: Session) -> tuple[Job, Settled]:
            job = session.jobs.get(job_id)
            if not job.paused:
                return job, Settled()
            settled = self._settle(session, job, now)
            following = job.schedule.next_after(now)
            resumed = replace(job, paused_at=None, paused_by=None, next_due=following)
            resumed = _touched(resumed, now)
            session.jobs.replace(resumed)
            session.audit.add(_event(Event.RESUMED, resumed, user, now))
            return resumed, settled

        return self._written(operation)

    def run_now(self, job_id: str, user: str) -> Execution:
        """Have a job run once, now, beside its schedule. Raises NotFoundError."""
        now = self._clock()

        def operation(session: Session) -> Order:
            job = session.jobs.get(job_id)
            execution = Execution(
                id=new_id(),
                job_id=job.id,
                job_name=job.name,
                job_class=job.job_class,
                arguments=job.arguments,
                state=State.SCHEDULED,
                cause=Cause.REQUESTED,
                reason=f"Asked for by {user}.",
                scheduled_at=now,
                updated_at=now,
                user=user,
            )
            session.executions.add([execution])
            text = f"execution {execution.id}"
            session.audit.add(_event(Event.CUSTOM_RUN, job, user, now, text))
            return Order(execution, job.policy.over(self._defaults))

        order = self._store.write(operation)
        self._runner.submit([order])
        return order.execution

    def _settle(self, session: Session, job: Job, now: datetime) -> Settled:
        settled = Settled()
        if job.next_due is not None and job.next_due <= now:
            active = session.executions.active_counts().get(job.id, 0)
            settle(job, now, self._defaults, active, settled)
            settled.record(session, careful=True)
        return settled

    def _written(self, operation: Callable[[Session], tuple[Job, Settled]]) -> Job:
        job, settled = self._store.write(operation)
        self._runner.submit(settled.orders)
        self._wake()
        return job

    def _checked_class(self, job_class: str) -> str:
        catalogue = self.catalogue()
        if any(known.job_class_string == job_class for known in catalogue.classes):
            return job_class
        for failure in catalogue.failures:
            if failure.concerns(job_class):
                raise InvalidError(
                    {"job_class_string": f"{job_class!r} cannot be loaded: {failure.error}"}
                )
        known = ", ".join(sorted(entry.job_class_string for entry in catalogue.classes)[:20])
        raise InvalidError(
            {"job_class_string": f"{job_class!r} is in no job folder; there are: {known or 'none'}"}
        )


def describe(job: Job) -> str:
    """A job in one line, for the audit log."""
    return ", ".join(f"{name}: {value}" for name, value in _facts(job).items())


def differences(before: Job, after: Job) -> str:
    """What changed, in one line, for the audit log."""
    old, new = _facts(before), _facts(after)
    return ", ".join(
        f"{name}: {old[name]} -> {new[name]}" for name in old if old[name] != new[name]
    )


def _facts(job: Job) -> dict[str, str]:
    schedule = job.schedule.to_data()
    cron = " ".join(f"{name}={value}" for name, value in schedule["fields"].items())
    policy = job.policy
    return {
        "name": repr(job.name),
        "class": job.job_class,
        "arguments": repr(job.arguments),
        "schedule": f"{cron} ({schedule['timezone']})",
        "coalesce": str(policy.coalesce),
        "misfire": str(policy.grace),
        "max_instances": str(policy.max_instances),
        "time_limit": str(policy.time_limit),
    }


def _changed(job: Job, changes: JobChanges, now: datetime) -> Job:
    schedule = job.schedule
    if changes.cron is not None or changes.timezone is not None:
        data = schedule.to_data()
        cron = data["fields"] if changes.cron is None else changes.cron
        schedule = CronSchedule.of(cron, parse_timezone(changes.timezone or data["timezone"]))
    changed = replace(
        job,
        name=job.name if changes.name is None else _checked_name(changes.name),
        job_class=changes.job_class or job.job_class,
        arguments=job.arguments if changes.arguments is None else changes.arguments,
        schedule=schedule,
        policy=replace(job.policy, **changes.policy),
        next_due=schedule.next_after(now),
    )
    return _touched(changed, now)


def _touched(job: Job, now: datetime) -> Job:
    return replace(job, updated_at=now, version=job.version + 1)


def _checked_name(name: str) -> str:
    stripped = name.strip()
    if not stripped or len(stripped) > _NAME_LIMIT or not stripped.isprintable():
        raise InvalidError(
            {
                "name": f"{name[:50]!r} cannot be used; give 1 to {_NAME_LIMIT} characters "
                "without line breaks or control characters"
            }
        )
    return stripped


def _event(event: Event, job: Job, user: str, now: datetime, description: str = "") -> AuditEvent:
    return AuditEvent(event, user, now, job.id, job.name, description)
