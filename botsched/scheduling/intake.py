"""Jobs that come from elsewhere, taken in all together."""

from collections.abc import Sequence
from datetime import datetime

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.job import Job
from botsched.errors import ConflictError
from botsched.scheduling.drafts import begun
from botsched.scheduling.wording import describe
from botsched.store.session import Session
from botsched.store.store import Store


def take_in(store: Store, jobs: Sequence[Job], user: str, now: datetime) -> None:
    """Add these jobs, all or none, each with its line in the audit log; they begin ``now``.

    Their classes and arguments are not looked at. Raises ConflictError when there is a job of one
    of their ids already.
    """
    fresh = [begun(job, now) for job in jobs]

    def operation(session: Session) -> None:
        for there in session.jobs.by_ids(job.id for job in fresh).values():
            raise ConflictError(
                f"Job {there.name!r} ({there.id}) was added meanwhile; nothing was added now. "
                "Do it once more: what is there already is left as it is."
            )
        for job in fresh:
            session.jobs.add(job, user)
            told = describe(job)
            session.audit.add(AuditEvent(Event.ADDED, user, now, job.id, job.name, told))
        session.past.note_outcomes()

    store.write(operation)
