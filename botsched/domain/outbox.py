"""Mails that are owed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from botsched.domain.why import Why

FIRST_RETRY = timedelta(seconds=15)
LONGEST_RETRY = timedelta(hours=1)
LONGEST_WAIT: Final = timedelta(days=1)
"""Until the next attempt, also where the other side asks for one."""
GIVE_UP_AFTER = timedelta(days=5)
"""A mail server may be away for a long week-end; after that the mail is of no use any more."""

LEAST_ATTEMPTS: Final = 12
"""None is given up before, for it may be we who were away; these take four hours."""

KEPT_ATTEMPTS: Final = 20
LONGEST_SUBJECT: Final = 500
"""As it is kept for lists; the mail's own may be longer."""


class MailState(StrEnum):
    """Where a mail stands.

    ``SENDING``: an attempt is under way, or was cut off. ``HELD``: it waits for its hour.
    ``DIGESTED``: it was told in another mail, together with others.
    """

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    DIGESTED = "digested"
    DEAD = "dead"


WAITING: Final = frozenset({MailState.QUEUED, MailState.DEFERRED, MailState.SENDING})
"""States of mails that are tried as soon as may be."""


class MailKind(StrEnum):
    """What a mail tells: one run, or all that was held for the same people."""

    RUN = "run"
    DIGEST = "digest"


class AttemptOutcome(StrEnum):
    """How an attempt ended.

    ``UNCERTAIN``: the line was lost when the server may have accepted the mail already.
    ``INTERRUPTED``: we ended in its middle.
    """

    DELIVERED = "delivered"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class MailAttempt:
    """One attempt, by which profile, and the words of its server."""

    at: datetime
    profile: str
    outcome: AttemptOutcome
    words: str

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "at": self.at.isoformat(),
            "profile": self.profile,
            "outcome": str(self.outcome),
            "words": self.words,
        }


def attempt_from_data(data: dict[str, Any]) -> MailAttempt:
    """From what ``to_data`` gave."""
    return MailAttempt(
        datetime.fromisoformat(data["at"]),
        data["profile"],
        AttemptOutcome(data["outcome"]),
        data["words"],
    )


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail about an execution, owed through one SMTP profile or other channel.

    ``to`` are those it is for, None for those of the profile; ``recipients`` those of them it is
    still owed to, None for all; ``refused`` those who were turned away for good, with the words.
    ``last_error`` holds the words of the last refusal. ``audience`` is
    the same for all mails to the same people through the same profile, ``thread`` for all mails of
    an incident: the id of its first execution. A mail that is held is so until ``held_until``; what
    a digest tells has its id as ``digest_id``. The ``execution_id`` of a digest is that of the
    newest execution it tells, and ``job_id`` and ``why`` are None. ``resent_of`` is the mail that
    was delivered and is sent once more by this one; one that was not is queued anew at
    ``requeued_at``. ``subject`` is known from the first attempt on; ``log`` has the last attempts.
    """

    id: str
    execution_id: str
    profile: str
    state: MailState
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    recipients: list[str] | None = None
    refused: dict[str, str] = field(default_factory=dict)
    ended_at: datetime | None = None
    last_error: str | None = None
    to: list[str] | None = None
    job_id: str | None = None
    kind: MailKind = MailKind.RUN
    why: Why | None = None
    audience: str | None = None
    thread: str | None = None
    held_until: datetime | None = None
    digest_id: str | None = None
    resent_of: str | None = None
    requeued_at: datetime | None = None
    subject: str | None = None
    log: tuple[MailAttempt, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileStanding:
    """How the mails through one SMTP profile stand.

    ``owed`` are to be delivered as soon as may be, the oldest since ``oldest``; of them,
    ``failing`` were tried in vain. ``held`` wait for their hour. ``dead`` were given up. The errors
    are those of the newest of these mails.
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
    held: int = 0


def audience(profile: str, to: Iterable[str] | None) -> str:
    """32 digits that tell the same people through the same profile from all others."""
    people = [] if to is None else sorted({each.casefold() for each in to})
    return sha256("\0".join([profile, *people]).encode()).hexdigest()[:32]


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after this many failed attempts; doubles up to an hour."""
    return min(FIRST_RETRY * (1 << min(attempts - 1, 20)), LONGEST_RETRY)
