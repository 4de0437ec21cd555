"""What a job said about when it is due, from one change to the next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from botsched.domain.job import Job
from botsched.domain.schedule import Schedule


class Change(StrEnum):
    """What made a version.

    ``MIGRATED``: it was found when versions began to be kept. ``SET_BACK``: the clock was far
    ahead before, and what lies after its moment is decided anew.
    """

    ADDED = "added"
    MODIFIED = "modified"
    PAUSED = "paused"
    RESUMED = "resumed"
    DELETED = "deleted"
    MIGRATED = "migrated"
    SET_BACK = "clock set back"


@dataclass(frozen=True, slots=True)
class JobVersion:
    """One version of a job.

    ``since`` is the first moment it decides about, up to that of the next version. That is the
    moment of the change, ``at``, but for a clock that was set back: what was recorded already
    stays with the versions before. ``user`` is empty for what the program did by itself.
    """

    job_id: str
    version: int
    change: Change
    user: str
    at: datetime
    since: datetime
    name: str
    schedule: Schedule
    paused: bool

    @classmethod
    def of(cls, job: Job, change: Change, user: str, at: datetime, since: datetime) -> Self:
        """This change of a job as it is now."""
        return cls(job.id, job.version, change, user, at, since, job.name, job.schedule, job.paused)
