"""Jobs as users ask for them: new ones, and changes."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from botsched.domain import rules
from botsched.domain.ids import job_id_fault, new_id
from botsched.domain.job import Arguments, Job, JobPolicy
from botsched.errors import ConflictError, InvalidError
from botsched.scheduling.faults import Faults
from botsched.scheduling.schedules import Wanted, made
from botsched.scheduling.timing import Timing
from botsched.scheduling.trigger import Trigger

_NAME_LIMIT = 255


@dataclass(frozen=True, slots=True)
class JobDraft:
    """A job as a user asks for it; without ``job_id`` it gets one.

    ``trigger`` says ``timing`` in another way.
    """

    name: str
    job_class: str
    timing: Timing
    arguments: Arguments = field(default_factory=list)
    timezone: str | None = None
    bounds: Mapping[str, Any] = field(default_factory=dict)
    policy: JobPolicy = field(default_factory=JobPolicy)
    tags: tuple[str, ...] = ()
    notes: str = ""
    job_id: str | None = None
    paused: bool = False
    trigger: Trigger | None = None


@dataclass(frozen=True, slots=True)
class JobChanges:
    """What is to be changed; None leaves a thing as it is.

    ``timing`` replaces the schedule as a whole, ``bounds`` those of its bounds that are named.
    ``trigger`` says ``timing`` in another way; the one counts that is not as before.
    ``rules`` are keys of requests with their values.
    ``version`` is the one the user saw; the change is refused when there is a newer one.
    ``paused`` begins a pause until somebody resumes it, or ends the present one.
    """

    name: str | None = None
    job_class: str | None = None
    arguments: Arguments | None = None
    timing: Timing | None = None
    timezone: str | None = None
    bounds: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None
    tags: tuple[str, ...] | None = None
    notes: str | None = None
    trigger: Trigger | None = None
    paused: bool | None = None


def created(draft: JobDraft, now: datetime, timezone: str, chance: random.Random, user: str) -> Job:
    """The new job of a user; ``timezone`` is that of drafts that name none.

    Raises InvalidError naming each field that makes no sense.
    """
    faults = Faults()
    with faults.gathered():
        job_id = new_id() if draft.job_id is None else _checked_id(draft.job_id)
    with faults.gathered():
        name = _checked_name(draft.name)
    with faults.gathered():
        wanted = Wanted(draft.timing, draft.timezone, draft.bounds, draft.trigger)
        schedule = made(wanted, None, timezone, now, chance)
    with faults.gathered():
        rules.check(draft.policy)
    faults.tell()
    return Job(
        id=job_id,
        name=name,
        job_class=draft.job_class,
        arguments=draft.arguments,
        schedule=schedule,
        policy=draft.policy,
        next_due=schedule.next_after(now),
        created_at=now,
        updated_at=now,
        paused_at=now if draft.paused else None,
        paused_by=user if draft.paused else None,
        tags=draft.tags,
        notes=draft.notes,
    )


def begun(job: Job, now: datetime) -> Job:
    """A new job as of now: what was due while somebody looked at it is not due any more."""
    return replace(
        job,
        created_at=now,
        updated_at=now,
        paused_at=now if job.paused else None,
        next_due=job.schedule.next_after(now),
    )


def changed(job: Job, changes: JobChanges, now: datetime, chance: random.Random, user: str) -> Job:
    """The job with a user's changes, due next by its new schedule; itself when nothing changes.

    Raises InvalidError, and ConflictError when the user did not see its present version.
    """
    if changes.version not in (None, job.version):
        raise ConflictError(
            f"Job {job.name!r} was changed meanwhile (version {job.version}, "
            f"yours is {changes.version}). Look at it again and repeat your change."
        )
    faults = Faults()
    with faults.gathered():
        name = job.name if changes.name is None else _checked_name(changes.name)
    with faults.gathered():
        wanted = Wanted(changes.timing, changes.timezone, changes.bounds, changes.trigger)
        schedule = made(wanted, job.schedule, job.schedule.timezone.key, now, chance)
    with faults.gathered():
        policy = rules.changed(job.policy, changes.rules)
        rules.check(policy)
    faults.tell()
    edited = replace(
        job,
        name=name,
        job_class=changes.job_class or job.job_class,
        arguments=job.arguments if changes.arguments is None else changes.arguments,
        schedule=schedule,
        policy=policy,
        tags=job.tags if changes.tags is None else changes.tags,
        notes=job.notes if changes.notes is None else changes.notes,
    )
    if changes.paused not in (None, job.paused):
        since, by = (now, user) if changes.paused else (None, None)
        edited = replace(edited, paused_at=since, paused_by=by, paused_until=None)
    same = edited == job and same_arguments(edited.arguments, job.arguments)
    return job if same else replace(edited, next_due=schedule.next_after(job.settled_until(now)))


def same_arguments(one: Arguments, other: Arguments) -> bool:
    """Whether they are the same as JSON: to Python, 1 and True are equal."""
    return json.dumps(one) == json.dumps(other)


def _checked_id(job_id: str) -> str:
    if fault := job_id_fault(job_id):
        raise InvalidError({"job_id": fault})
    return job_id


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
