"""Mails that are owed, and when one is owed at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from botsched.domain.execution import UNSUCCESSFUL, State

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

    ``recipients`` are those it is still owed to, None for all of the profile. ``last_error`` holds
    the words of the last refusal.
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


def is_owed(state: State, *, has_output: bool) -> bool:
    """Whether an execution that ended so is mailed: it failed, or it gave output."""
    return state in UNSUCCESSFUL or has_output


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after this many failed attempts; doubles up to an hour."""
    return min(FIRST_RETRY * (1 << min(attempts - 1, 20)), LONGEST_RETRY)
