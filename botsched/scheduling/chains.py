"""Which jobs run after which others: checked in the transaction that changes it."""

from collections.abc import Iterable, Mapping
from functools import partial

from botsched.domain.chains import cycle_through
from botsched.domain.job import Job, JobPolicy
from botsched.errors import ConflictError, InvalidError
from botsched.store.session import Session

_KEYS = ("then_run", "on_failure_run")


def check_links(session: Session, job: Job, before: JobPolicy) -> None:
    """Raise InvalidError when a job is, newly, to be followed by one that is not there, or itself.

    To itself a chain of any length may lead back; the message tells all of it.
    """
    if not _new_links(job, before):
        return
    session.touch()  # another server may be about to close the circle
    if faults := link_faults(job, before, _reached_from(job, session)):
        raise InvalidError(faults)


def link_faults(job: Job, before: JobPolicy, there: Mapping[str, Job]) -> dict[str, str]:
    """What is wrong with the links that are new in a job, by key; the first of it.

    ``there`` are the job itself and at least all that may run after it, by id.
    """
    for key in _new_links(job, before):
        own = linked_from(job, (key,))
        missing = [repr(each) for each in own if each not in there]
        if missing:
            return {key: f"there is no job {', '.join(missing)}"}
        way = cycle_through(job.id, partial(_after, there, job.id, own))
        if way is not None:
            names = " -> ".join(repr(there[each].name) for each in way)
            return {key: f"the jobs would run in a circle: {names}"}
    return {}


def _after(
    there: Mapping[str, Job], start: str, own: tuple[str, ...], job_id: str
) -> tuple[str, ...]:
    """The ids of the jobs that may run after one; of ``start``, those that are its ``own``."""
    if job_id == start:
        return own
    return linked_from(there[job_id]) if job_id in there else ()


def linked_from(job: Job, keys: Iterable[str] = _KEYS) -> tuple[str, ...]:
    """The ids of the jobs that may run after it, by these keys."""
    return tuple(each for key in keys for each in getattr(job.policy, key) or ())


def _new_links(job: Job, before: JobPolicy) -> list[str]:
    """The keys whose links are others than before, and not none."""
    changed = [key for key in _KEYS if getattr(job.policy, key) != getattr(before, key)]
    return changed if any(linked_from(job, (key,)) for key in changed) else []


def check_unlinked(session: Session, job: Job) -> None:
    """Raise ConflictError when other jobs are to be followed by this one."""
    session.touch()
    others = [each for each in session.jobs.mentioning(job.id) if job.id in linked_from(each)]
    if others:
        names = ", ".join(repr(each.name) for each in others)
        raise ConflictError(
            f"Job {job.name!r} runs after {names}. Take it out of their then_run and "
            "on_failure_run first."
        )


def _reached_from(job: Job, session: Session) -> dict[str, Job]:
    """The job and all that may run after it, by id."""
    found = {job.id: job}
    ahead = set(linked_from(job)) - set(found)
    while ahead:
        reached = session.jobs.by_ids(ahead)
        found |= reached
        ahead = {each for other in reached.values() for each in linked_from(other)} - set(found)
    return found
