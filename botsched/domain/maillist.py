"""Mails as users look for them, and what can be done to them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from botsched.domain.execution import State
from botsched.domain.outbox import Mail, MailState

REQUEUED: Final = frozenset({MailState.DEAD, MailState.DEFERRED, MailState.HELD})
"""Of these states, a mail is sent once more by queueing it anew, to those it is still owed to."""

COPIED: Final = frozenset({MailState.DELIVERED, MailState.DIGESTED})
"""Of these, by another mail."""

DISCARDED: Final = frozenset({MailState.QUEUED, MailState.DEFERRED, MailState.HELD})
"""States of mails that can be given up by a user."""


@dataclass(frozen=True, slots=True)
class MailFilter:
    """Which mails are wanted, by when they were owed.

    ``text`` is looked for in the job's name, the subject, the addresses and the last error.
    """

    start: datetime | None = None
    end: datetime | None = None
    states: frozenset[MailState] = frozenset()
    profile: str | None = None
    job_id: str | None = None
    execution_id: str | None = None
    digest_id: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ListedMail:
    """A mail, and of the execution it is about what one wants to know beside it.

    ``job_id`` and ``job_name`` are those of the execution, empty when it is deleted.
    """

    mail: Mail
    job_id: str = ""
    job_name: str = ""
    outcome: State | None = None


def copy_of(mail: Mail, mail_id: str, at: datetime) -> Mail:
    """Another mail that tells the same people the same, owed from now on.

    It is said to repeat the first one, also when this one repeats it: of a digest, what it tells is
    known by that.
    """
    return replace(
        mail,
        id=mail_id,
        state=MailState.QUEUED,
        attempts=0,
        created_at=at,
        next_attempt_at=at,
        recipients=None,
        refused={},
        ended_at=None,
        last_error=None,
        held_until=None,
        digest_id=None,
        resent_of=mail.resent_of or mail.id,
        requeued_at=None,
        log=(),
    )
