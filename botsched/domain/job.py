"""A job: what runs, with which arguments, when, and by which rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botsched.domain.retry import Retry
from botsched.domain.schedule import Schedule

Arguments = list[Any] | dict[str, Any]
"""JSON values: a list is passed by position, an object by name."""

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Policy:
    """How instants of a job are treated.

    ``coalesce``: of several missed instants run the latest only. ``grace``: how late an instant
    may still run; None means however late. ``max_instances``: how many runs of the job at a time.
    ``time_limit``: how long one run may take; None means as long as it likes.
    """

    coalesce: bool
    grace: timedelta | None
    max_instances: int
    time_limit: timedelta | None = None


@dataclass(frozen=True, slots=True)
class JobPolicy:
    """What a job says about itself; None leaves it to the server's defaults."""

    coalesce: bool | None = None
    grace: timedelta | None = None
    max_instances: int | None = None
    time_limit: timedelta | None = None
    retry: Retry | None = None
    then_run: tuple[str, ...] = ()
    on_failure_run: tuple[str, ...] = ()

    def over(self, defaults: Policy) -> Policy:
        """The defaults, with what the job says put in their place."""
        return Policy(
            coalesce=defaults.coalesce if self.coalesce is None else self.coalesce,
            grace=defaults.grace if self.grace is None else self.grace,
            max_instances=self.max_instances or defaults.max_instances,
            time_limit=self.time_limit or defaults.time_limit,
        )


@dataclass(frozen=True, slots=True)
class Job:
    """One scheduled job.

    ``next_due`` is the first instant whose fate is not recorded yet; None when none is ahead.
    While the job is paused, it stays where it was, so that nothing due meanwhile is forgotten.
    ``version`` grows with each change made by a user.
    """

    id: str
    name: str
    job_class: str
    arguments: Arguments
    schedule: Schedule
    policy: JobPolicy
    next_due: datetime | None
    created_at: datetime
    updated_at: datetime
    paused_at: datetime | None = None
    paused_by: str | None = None
    version: int = 1

    @property
    def paused(self) -> bool:
        """Whether its instants are skipped until somebody resumes it."""
        return self.paused_at is not None

    def settled_until(self, now: datetime) -> datetime:
        """The last moment whose fate is recorded once all instants up to now have theirs.

        Later than now only when the clock was set back: instants that come once more are not
        recorded twice.
        """
        if self.next_due is None or self.next_due <= now:
            return now
        return self.schedule.last_until(self.next_due - _TICK, now) or now
