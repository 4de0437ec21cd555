"""Jobs as users ask for them: new ones, and changes."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from botsched.domain import rules
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.ids import new_id
from botsched.domain.job import Arguments, Job, JobPolicy
from botsched.domain.schedule import Schedule
from botsched.domain.wallclock import parse_timezone
from botsched.errors import ConflictError, InvalidError
from botsched.scheduling.timing import Timing, timing_of

_NAME_LIMIT = 255


@dataclass(frozen=True, slots=True)
class JobDraft:
    """A job as a user asks for it."""

    name: str
    job_class: str
    timing: Timing
    arguments: Arguments = field(default_factory=list)
    timezone: str | None = None
    policy: JobPolicy = field(default_factory=JobPolicy)


@dataclass(frozen=True, slots=True)
class JobChanges:
    """What is to be changed; None leaves a thing as it is.

    ``timing`` replaces the schedule as a whole. ``rules`` are keys of requests with their values.
    ``version`` is the one the user saw; the change is refused when there is a newer one.
    """

    name: str | None = None
    job_class: str | None = None
    arguments: Arguments | None = None
    timing: Timing | None = None
    timezone: str | None = None
    rules: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None


def created(draft: JobDraft, now: datetime, timezone: str) -> Job:
    """The new job; ``timezone`` is that of drafts that name none.

    Raises InvalidError naming each field that makes no sense.
    """
    faults = Faults()
    with faults.gathered():
        name = _checked_name(draft.name)
    with faults.gathered():
        schedule = _schedule(draft.timing, draft.timezone or timezone, now)
    with faults.gathered():
        rules.check(draft.policy)
    faults.tell()
    return Job(
        id=new_id(),
        name=name,
        job_class=draft.job_class,
        arguments=draft.arguments,
        schedule=schedule,
        policy=draft.policy,
        next_due=schedule.next_after(now),
        created_at=now,
        updated_at=now,
    )


def changed(job: Job, changes: JobChanges, now: datetime) -> Job:
    """The job with these changes, due next by its new schedule; itself when nothing changes.

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
        schedule = _changed_schedule(job.schedule, changes, now)
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
    )
    # Compared as JSON, too: to Python, 1 and True are equal.
    same = edited == job and json.dumps(edited.arguments) == json.dumps(job.arguments)
    return job if same else replace(edited, next_due=schedule.next_after(job.settled_until(now)))


class Faults:
    """Gathers what is wrong with single fields, so that all is told at once."""

    def __init__(self) -> None:
        self._fields: dict[str, str] = {}

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep an InvalidError raised inside; what was to be made there is not to be used."""
        try:
            yield
        except InvalidError as error:
            self._fields |= error.fields

    def tell(self) -> None:
        """Raise InvalidError when there are faults."""
        if self._fields:
            raise InvalidError(self._fields)


def _changed_schedule(schedule: Schedule, changes: JobChanges, now: datetime) -> Schedule:
    """The present one where the changed one would be due at the same instants by the same words."""
    if changes.timing is None and changes.timezone is None:
        return schedule
    timing = changes.timing or timing_of(schedule)
    after = _schedule(timing, changes.timezone or schedule.timezone.key, now)
    return schedule if _alike(schedule, after) else after


def _alike(before: Schedule, after: Schedule) -> bool:
    if before.timezone.key != after.timezone.key:
        return False
    if isinstance(before, CronSchedule) and isinstance(after, CronSchedule):
        return before.effective == after.effective
    return timing_of(before) == timing_of(after)


def _schedule(timing: Timing, timezone: str, now: datetime) -> Schedule:
    """Raises InvalidError for zone and form at once."""
    faults = Faults()
    zone = ZoneInfo("UTC")
    with faults.gathered():
        zone = parse_timezone(timezone)
    with faults.gathered():
        schedule = timing.schedule(zone, now)
    faults.tell()
    return schedule


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
