"""Mails that wait: for the end of quiet hours, or for the digest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from botsched.domain.mailrules import MailDefaults, MailRule
from botsched.domain.once import OnceSchedule
from botsched.domain.why import HeldBy
from botsched.domain.window import Window

LONGEST: Final = timedelta(days=31)
"""No mail is held for longer, whatever the windows say."""

_CHANGE: Final = timedelta(hours=2)
"""Clocks are not set back by more."""

MOST_JOINED: Final = 1_000
"""So many openings of windows behind each other are followed, while others wait to be recorded."""


@dataclass(frozen=True, slots=True)
class Held:
    """Until when, and by what."""

    until: datetime
    by: HeldBy


def hold(rule: MailRule, defaults: MailDefaults, at: datetime, *, too_many: bool) -> Held | None:
    """What keeps a mail of this moment waiting; None when it goes out at once.

    ``too_many``: as many as may be were sent today.
    """
    quiet = defaults.quiet if rule.quiet is None else rule.quiet
    if too_many:
        digest = next_digest(defaults, at)
        return Held(quiet_until(quiet, digest), HeldBy.CAP)
    until = quiet_until(quiet, at)
    return Held(until, HeldBy.QUIET) if until > at else None


def quiet_until(quiet: Iterable[Window], at: datetime) -> datetime:
    """When the windows that are open then have ended, with those that follow at once."""
    until, latest = at, at + LONGEST
    for _ in range(MOST_JOINED):
        ends = [end for window in quiet if (end := _end(window, until)) > until]
        if not ends or until >= latest:
            break
        until = max(ends)
    return min(until, latest)


def _end(window: Window, at: datetime) -> datetime:
    """When its latest opening until then ends; not later than then when there was none lately.

    What begins by the clock ends by it: a night until 07:00, also when clocks are changed in it.
    """
    for start, end in window.latest_times(at - _CHANGE, at, 1):
        if isinstance(window.schedule, OnceSchedule):
            return end
        local = start.astimezone(window.schedule.timezone) + window.duration
        by_clock = local.astimezone(UTC)
        return by_clock if by_clock > start else end  # it may begin in an hour that comes twice
    return at


def next_digest(defaults: MailDefaults, at: datetime) -> datetime:
    """When the next digest goes out."""
    today = at.astimezone(defaults.timezone).date()
    days = (today, today + timedelta(days=1), today + timedelta(days=2))
    moments = (_moment(day, defaults.digest_at, defaults.timezone) for day in days)
    return next(moment for moment in moments if moment > at)


def day_begin(zone: ZoneInfo, at: datetime) -> datetime:
    """The midnight before."""
    return _moment(at.astimezone(zone).date(), time(), zone)


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
