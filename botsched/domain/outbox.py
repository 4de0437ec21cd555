"""Mails that are owed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_RETRY = timedelta(seconds=15)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)
"""A mail server may be away for a long week-end; after that the mail is of no use any more."""


class MailState(StrEnum):
    """Where a mail stands."""

    QUEUED = "queued"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail about an execution, owed through one SMTP profile.

    ``to`` are those it is for, None for those of the profile; ``recipients`` those of them it is
    still owed to, None for all. ``last_error`` holds the words of the last refusal.
    """

    id: str
    execution_id: str
    profile: str
    state: MailState
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    recipients: list[str] | None = None
    ended_at: datetime | None = None
    last_error: str | None = None
    to: list[str] | None = None


@dataclass(frozen=True, slots=True)
class ProfileStanding:
    """How the mails through one SMTP profile stand.

    ``owed`` are still to be delivered, the oldest since ``oldest``; of them, ``failing`` were
    tried in vain. ``dead`` were given up. The errors are those of the newest of these mails.
    """

    profile: str
    owed: int = 0
    failing: int = 0
    dead: int = 0
    oldest: datetime | None = None
    next_attempt: datetime | None = None
    failing_error: str | None = None
    dead_error: str | None = None
    dead_at: datetime | None = None


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after this many failed attempts; doubles up to an hour."""
    return min(FIRST_RETRY * (1 << min(attempts - 1, 20)), LONGEST_RETRY)
