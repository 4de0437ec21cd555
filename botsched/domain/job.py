"""A job: what runs, with which arguments, when, and by which rules."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from botsched.domain.clock import NEVER
from botsched.domain.mailrules import MailDefaults, MailRules
from botsched.domain.retry import Retry
from botsched.domain.schedule import Schedule
from botsched.domain.window import Window

Arguments = list[Any] | dict[str, Any]
"""JSON values: a list is passed by position, an object by name."""

_TICK = timedelta(microseconds=1)

CATCH_UP_LIMIT = 1000
"""At most so many missed instants of a job are run afterwards."""

FAR_AHEAD = timedelta(hours=3)
"""What is recorded further ahead of the clock came from one that was wrong."""

_CENTURY = timedelta(days=36525)
_ON_TIME = timedelta(seconds=60)


class Missed(StrEnum):
    """What is run of instants that are found late: none, the latest, or all."""

    SKIP = "skip"
    LATEST = "latest"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Policy:
    """How instants of a job are treated.

    ``misfire``: how late a missed instant may still run; None means however late. ``grace``: how
    late an instant still counts as on time. ``missed_limit``: how many missed instants are run at
    most. ``max_instances``: how many runs of the job at a time; ``queue`` more may wait for them.
    ``time_limit``: how long one run may take; None means as long as it likes. ``own_mail``: the
    job's own rules of mail; what they leave open is in ``mailing``. They may name ``profiles`` and
    ``channels``; when they name none, it goes through the ``profiles``.
    """

    missed: Missed
    misfire: timedelta | None
    max_instances: int
    queue: int = 0
    grace: timedelta | None = None
    missed_limit: int = CATCH_UP_LIMIT
    time_limit: timedelta | None = None
    own_mail: MailRules | None = None
    mailing: MailDefaults = field(default_factory=MailDefaults)
    profiles: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    @property
    def mail(self) -> MailRules:
        """What is mailed."""
        return self.mailing.rules if self.own_mail is None else self.own_mail

    @property
    def ways(self) -> tuple[str, ...]:
        """All that rules of mail may name."""
        return (*self.profiles, *self.channels)

    @property
    def on_time(self) -> timedelta:
        """How late an instant still counts as on time; unless told, that is within ``misfire``."""
        if self.grace is not None:
            return self.grace
        return _ON_TIME if self.misfire is None else min(_ON_TIME, self.misfire)

    @property
    def latest_start(self) -> timedelta | None:
        """How late an instant may be found and still run; None means however late."""
        if self.missed is Missed.SKIP:
            return self.on_time
        return None if self.misfire is None else max(self.on_time, self.misfire)


@dataclass(frozen=True, slots=True)
class JobPolicy:
    """What a job says about itself; None leaves it to the server's defaults.

    Its keys, with their kinds and bounds, are in ``rules``. ``then_run`` are the jobs, by id, that
    run after a success of this one, ``on_failure_run`` those after its last failure.
    ``keep_days`` and ``keep_count``: of its executions, delete those that ended so long ago, and
    all but so many of the newest.
    """

    missed: Missed | None = None
    misfire: timedelta | None = None
    max_instances: int | None = None
    time_limit: timedelta | None = None
    queue: int | None = None
    grace: timedelta | None = None
    missed_limit: int | None = None
    keep_days: int | None = None
    keep_count: int | None = None
    windows: tuple[Window, ...] | None = None
    retry: Retry | None = None
    then_run: tuple[str, ...] | None = None
    on_failure_run: tuple[str, ...] | None = None
    mail: MailRules | None = None

    @property
    def leads_on(self) -> bool:
        """Whether other runs may follow from an end."""
        return bool(self.retry or self.then_run or self.on_failure_run)

    def over(self, defaults: Policy) -> Policy:
        """The defaults, with what the job says put in their place."""
        return Policy(
            missed=self.missed or defaults.missed,
            misfire=defaults.misfire if self.misfire is None else self.misfire,
            max_instances=self.max_instances or defaults.max_instances,
            queue=self.queue or defaults.queue,
            grace=defaults.grace if self.grace is None else self.grace,
            missed_limit=self.missed_limit or defaults.missed_limit,
            time_limit=self.time_limit or defaults.time_limit,
            own_mail=self.mail,
            mailing=defaults.mailing,
            profiles=defaults.profiles,
            channels=defaults.channels,
        )


@dataclass(frozen=True, slots=True)
class Job:
    """One scheduled job.

    ``next_due`` is the first instant whose fate is not recorded yet; None when none is ahead.
    While the job is paused, it stays where it was, so that nothing due meanwhile is forgotten.
    ``version`` grows with each change made by a user. ``paused_until``: when it goes on by itself.
    ``parked_until``: until then, or as long as all is held, it is not run for another reason, and
    not looked at; then instants up to that moment are recorded together.
    ``tags`` are words by which jobs are found, sorted; ``notes`` say what the job is for.
    ``managed_by`` names the set of files that says what it is; None when nothing but users does.
    ``since`` is the first moment that this version decides about: that of the change, unless the
    clock was set back before; None in rows of the first release. The database sets it.
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
    paused_until: datetime | None = None
    parked_until: datetime | None = None
    since: datetime | None = field(default=None, compare=False)
    tags: tuple[str, ...] = ()
    notes: str = ""
    managed_by: str | None = None

    @property
    def paused(self) -> bool:
        """Whether its instants are skipped until somebody resumes it."""
        return self.paused_at is not None

    @property
    def next_run(self) -> datetime | None:
        """The next instant that is to run, as far as can be foreseen; None when none is ahead."""
        if self.paused or self.next_due is None or self.parked_until == NEVER:
            return None
        if self.parked_until is None:
            return self.next_due
        return self.schedule.next_after(self.parked_until - _TICK)

    def after_pause(self, now: datetime) -> Self:
        """The job with its pause ended, when the time for that has come; else the job itself."""
        if self.paused_until is None or self.paused_until > now:
            return self
        return replace(self, paused_at=None, paused_by=None, paused_until=None)

    def settled_until(self, now: datetime) -> datetime:
        """The last moment whose fate is recorded once all instants up to now have theirs.

        Later than now only when the clock was set back: instants that come once more are not
        recorded twice.
        """
        settled = now if self.since is None else max(now, self.since - _TICK)
        if self.next_due is None or self.next_due <= settled:
            return settled
        return self.schedule.last_until(self.next_due - _TICK, settled) or settled

    def far_ahead_until(self, now: datetime) -> datetime | None:
        """The last moment whose fate is recorded, if only a clock that was wrong came to it.

        None for a job that merely is not due for long: no instant lies before ``next_due``.
        """
        border = now + FAR_AHEAD
        decided = None if self.since is None or self.since <= border else self.since - _TICK
        first = self.schedule.next_after(border)
        if first is None or (self.next_due is not None and first >= self.next_due):
            return decided
        end = border + _CENTURY if self.next_due is None else self.next_due - _TICK
        return max(self.schedule.last_until(end, first) or first, decided or first)
