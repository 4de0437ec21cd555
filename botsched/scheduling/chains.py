"""Which jobs run after which others: checked in the transaction that changes it."""

from collections.abc import Iterable

from botsched.domain.chains import cycle_through
from botsched.domain.job import Job, JobPolicy
from botsched.errors import ConflictError, InvalidError
from botsched.store.session import Session

_KEYS = ("then_run", "on_failure_run")


def check_links(session: Session, job: Job, before: JobPolicy) -> None:
    """Raise InvalidError when a job is, newly, to be followed by one that is not there, or itself.

    To itself a chain of any length may lead back; the message tells all of it.
    """
    changed = [key for key in _KEYS if getattr(job.policy, key) != getattr(before, key)]
    if not any(_links(job, (key,)) for key in changed):
        return
    session.touch()  # another server may be about to close the circle
    found = _reached_from(job, session)
    links = {each.id: _links(each) for each in found.values()}
    for key in changed:
        missing = [repr(each) for each in _links(job, (key,)) if each not in found]
        if missing:
            raise InvalidError({key: f"there is no job {', '.join(missing)}"})
        way = cycle_through(job.id, links | {job.id: _links(job, (key,))})
        if way is not None:
            names = " -> ".join(repr(found[each].name) for each in way)
            raise InvalidError({key: f"the jobs would run in a circle: {names}"})


def check_unlinked(session: Session, job: Job) -> None:
    """Raise ConflictError when other jobs are to be followed by this one."""
    session.touch()
    others = [each for each in session.jobs.mentioning(job.id) if job.id in _links(each)]
    if others:
        names = ", ".join(repr(each.name) for each in others)
        raise ConflictError(
            f"Job {job.name!r} runs after {names}. Take it out of their then_run and "
            "on_failure_run first."
        )


def _reached_from(job: Job, session: Session) -> dict[str, Job]:
    """The job and all that may run after it, by id."""
    found = {job.id: job}
    ahead = set(_links(job)) - set(found)
    while ahead:
        reached = session.jobs.by_ids(ahead)
        found |= reached
        ahead = {each for other in reached.values() for each in _links(other)} - set(found)
    return found


def _links(job: Job, keys: Iterable[str] = _KEYS) -> tuple[str, ...]:
    return tuple(each for key in keys for each in getattr(job.policy, key) or ())
