"""What users do with jobs. Each change is one transaction, with its line in the audit log."""

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from botsched.catalog import CatalogueDescription
from botsched.domain.audit import AuditEvent, Event
from botsched.domain.clock import Clock
from botsched.domain.execution import Cause, Execution
from botsched.domain.job import Arguments, Job, JobPolicy, Policy
from botsched.domain.mailrules import check_profiles
from botsched.domain.schedule import Schedule
from botsched.domain.wallclock import WallClock
from botsched.errors import ConflictError, InvalidError
from botsched.execution.runner import Runner
from botsched.execution.secrets import Secrets
from botsched.execution.waiting import Order
from botsched.scheduling.applying import JobSets
from botsched.scheduling.chains import check_links, check_unlinked
from botsched.scheduling.classes import check_arguments, check_class, known_class
from botsched.scheduling.drafts import JobChanges, JobDraft, changed, created, same_arguments
from botsched.scheduling.faults import Faults
from botsched.scheduling.joblist import JobLists
from botsched.scheduling.schedules import Wanted, made
from botsched.scheduling.sets import Planner
from botsched.scheduling.settling import Look, Settled, end_pause, settle
from botsched.scheduling.wording import changes, describe, differences, pause_in_words
from botsched.store.errors import DuplicateError
from botsched.store.session import Session
from botsched.store.store import Store

_LOAD_SECONDS = 30.0


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
        chance: random.Random | None = None,
    ) -> None:
        self.lists = JobLists(store)
        self._store = store
        self._runner = runner
        self._clock = clock
        self.defaults = defaults
        self.timezone = timezone
        self._wake = wake
        self._chance = chance or random.SystemRandom()
        planner = Planner(runner, clock, defaults, timezone, self._chance)
        self.sets = JobSets(store, planner, self._begin)

    def get(self, job_id: str) -> Job:
        """One job. Raises NotFoundError."""
        return self._store.read(lambda session: session.jobs.get(job_id))

    def schedule(self, wanted: Wanted) -> Schedule:
        """The schedule that a new job would have. Raises InvalidError."""
        return made(wanted, None, self.timezone, self._clock(), self._chance)

    def by_ids(self, job_ids: Iterable[str]) -> dict[str, Job]:
        """Those of these jobs that exist."""
        return self._store.read(lambda session: session.jobs.by_ids(job_ids))

    def catalogue(self, timeout: float = _LOAD_SECONDS) -> CatalogueDescription:
        """The job classes there are, and what could not be loaded.

        Raises ExecutionError when the folders are not loaded in time, in seconds.
        """
        return self._runner.catalogue(timeout)

    def secrets(self) -> Secrets:
        """The secrets that jobs may name."""
        return self._runner.secrets()

    def reload(self, user: str) -> bool:
        """Load the job modules anew, changed or not; False when the former ones stay in use.

        For what no look at the modules shows, as a library that was installed.
        """
        event = AuditEvent(Event.RELOADED, user, self._clock())
        self._store.write(lambda session: session.audit.add(event))
        return self._runner.reload(_LOAD_SECONDS)

    def add(self, draft: JobDraft, user: str) -> Job:
        """Add a job.

        With the id of a job that was deleted, it goes on with the history of that one.

        Raises InvalidError naming each field that makes no sense, and ConflictError when there is a
        job with the id that the draft asks for.
        """
        now = self._clock()
        faults = Faults()
        with faults.gathered():
            info = check_class(self._runner, draft.job_class, _LOAD_SECONDS)
            check_arguments(self._runner, info, draft.arguments)
        with faults.gathered():
            check_profiles(draft.policy.mail, None, self.defaults.ways)
        with faults.gathered():
            job = created(draft, now, self.timezone, self._chance, user)
        faults.tell()

        def operation(session: Session) -> Job:
            if session.jobs.by_ids([job.id]):
                raise _taken(job)
            check_links(session, job, JobPolicy())
            session.audit.add(_event(Event.ADDED, job, user, now, describe(job)))
            return session.jobs.add(job, user)

        try:
            added = self._store.write(operation)
        except DuplicateError as error:  # another server was faster
            raise _taken(job) from error
        self._wake()
        return added

    def change(self, job_id: str, changes: JobChanges, user: str) -> Job:
        """Change a job; instants due under the old schedule get their fates first.

        What changes nothing leaves the version as it is, and no line in the audit log.

        Raises NotFoundError, InvalidError, and ConflictError when somebody else was faster.
        """
        self._check_changes(self.get(job_id), changes)

        def edit(job: Job, now: datetime) -> Job | None:
            edited = changed(job, changes, now, self._chance, user)
            check_profiles(edited.policy.mail, job.policy.mail, self.defaults.ways)
            return None if edited is job else edited

        return self._edit(job_id, edit, user)

    def pause(self, job_id: str, user: str, until: datetime | None = None) -> Job:
        """Skip all instants from now on, until somebody resumes it, or ``until`` then.

        A time without an offset is on the clock of the job. Nothing is changed when the job is
        paused so already. Raises InvalidError for a time that has passed.
        """

        def edit(job: Job, now: datetime) -> Job | None:
            end = None if until is None else _instant(until, job.schedule.timezone)
            if end is not None and end <= now:
                raise InvalidError({"until": f"{end.isoformat()} has passed; give a time to come"})
            if job.paused and job.paused_until == end:
                return None
            following = job.schedule.next_after(job.settled_until(now))
            return replace(job, paused_at=now, paused_by=user, paused_until=end, next_due=following)

        return self._edit(job_id, edit, user)

    def resume(self, job_id: str, user: str) -> Job:
        """Go on; the instants that were skipped meanwhile are recorded as such."""

        def edit(job: Job, now: datetime) -> Job | None:
            following = job.schedule.next_after(job.settled_until(now))
            resumed = replace(
                job, paused_at=None, paused_by=None, paused_until=None, next_due=following
            )
            return resumed if job.paused else None

        return self._edit(job_id, edit, user)

    def delete(self, job_id: str, user: str) -> None:
        """Delete a job; its executions stay.

        Raises NotFoundError, and ConflictError when other jobs are to be followed by it.
        """
        now = self._clock()

        def operation(session: Session) -> tuple[Job, Settled]:
            job, settled = self._present(session, job_id, now)
            check_unlinked(session, job)
            self._settle(session, job, now, settled)
            session.jobs.delete(job_id, now, user)
            session.audit.add(_event(Event.DELETED, job, user, now, describe(job)))
            return job, settled

        self._written(operation)

    def run_now(self, job_id: str, user: str, arguments: Arguments | None = None) -> Execution:
        """Have a job run once, now, beside its schedule; with other ``arguments`` than its own.

        Raises NotFoundError, and InvalidError for arguments that its class does not take.
        """
        now = self._clock()
        if arguments is not None:
            info = known_class(self._runner, self.get(job_id).job_class)
            check_arguments(self._runner, info, arguments)

        def operation(session: Session) -> Order:
            job = session.jobs.get(job_id)
            asked = job if arguments is None else replace(job, arguments=arguments)
            different = changes(job, asked)
            reason = f"Asked for by {user}{', with other arguments' if different else ''}."
            execution = replace(Execution.of(asked, Cause.REQUESTED, reason, now), user=user)
            session.executions.add([execution])
            told = _event(Event.CUSTOM_RUN, job, user, now, execution.id)
            session.audit.add(replace(told, changes=different))
            return Order(execution, job.policy.over(self.defaults))

        order = self._store.write(operation)
        self._runner.submit([order])
        return order.execution

    def _edit(self, job_id: str, edit: Callable[[Job, datetime], Job | None], user: str) -> Job:
        """Put the edited job in place of the present one; None leaves it as it is."""
        now = self._clock()

        def operation(session: Session) -> tuple[Job, Settled]:
            job, settled = self._present(session, job_id, now)
            edited = edit(job, now)
            if edited is None:
                settled.record(session, careful=True)
                return job, settled
            check_links(session, edited, job.policy)
            self._settle(session, job, now, settled)
            edited = replace(edited, updated_at=now, version=job.version + 1, parked_until=None)
            session.jobs.replace(edited, user)
            session.audit.add(_told(job, edited, user, now))
            return edited, settled

        return self._written(operation)

    def _present(self, session: Session, job_id: str, now: datetime) -> tuple[Job, Settled]:
        """The job, with its pause ended when the time for that has come."""
        settled = Settled()
        job = session.jobs.get_for_change(job_id)
        if job.paused_until is not None:
            job = end_pause(session, job, self._look(session, now), settled)
        return job, settled

    def _settle(self, session: Session, job: Job, now: datetime, into: Settled) -> None:
        if job.next_due is not None and job.next_due <= now:
            active = session.executions.active_counts(now).get(job.id, 0)
            settle(job, self._look(session, now), active, into)
        into.record(session, careful=True)

    def _look(self, session: Session, now: datetime) -> Look:
        return Look(now, self.defaults, session.controls.get())

    def _begin(self, orders: list[Order]) -> None:
        self._runner.submit(orders)
        self._wake()

    def _written(self, operation: Callable[[Session], tuple[Job, Settled]]) -> Job:
        job, settled = self._store.write(operation)
        self._begin(settled.orders)
        return job

    def _check_changes(self, job: Job, changes: JobChanges) -> None:
        """What stays as it is is not checked: the class of a job may have gone, or changed."""
        job_class = changes.job_class or job.job_class
        arguments = job.arguments if changes.arguments is None else changes.arguments
        if job_class != job.job_class:
            info = check_class(self._runner, job_class, _LOAD_SECONDS)
            check_arguments(self._runner, info, arguments)
        elif not same_arguments(arguments, job.arguments):
            check_arguments(self._runner, known_class(self._runner, job_class), arguments)


def _taken(job: Job) -> ConflictError:
    return ConflictError(f"There is a job with the id {job.id!r} already. Choose another id.")


def _instant(moment: datetime, timezone: ZoneInfo) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else WallClock(timezone).instant(moment)


def _told(before: Job, after: Job, user: str, now: datetime) -> AuditEvent:
    """What somebody changed; where it is nothing but the pause, that it began or ended."""
    different = changes(before, after)
    if {each.field for each in different or ()} - {"paused", "paused_until"} or not different:
        event, text = Event.MODIFIED, differences(before, after)
    else:
        event = Event.PAUSED if after.paused else Event.RESUMED
        text = pause_in_words(after)
    return replace(_event(event, after, user, now, text), changes=different)


def _event(event: Event, job: Job, user: str, now: datetime, description: str = "") -> AuditEvent:
    return AuditEvent(event, user, now, job.id, job.name, description)
