"""Mails whose hour has come: one alone goes out as itself, several as one digest."""

from datetime import datetime

from botsched.domain.ids import new_id
from botsched.domain.outbox import Mail, MailKind, MailState
from botsched.store.mailqueue import HeldMails
from botsched.store.session import Session


def release(session: Session, profile: str, now: datetime) -> None:
    """Queue what was held until now; a digest for each group of people with several mails."""
    for held in session.mail_queue.held(profile, now):
        if held.count == 1:
            session.mail_queue.release(held.newest, now)
            continue
        digest = _digest(held, now)
        if session.mail_queue.tell_in(digest, now):  # no user had them sent, elsewhere, just now
            session.outbox.add([digest])


def _digest(held: HeldMails, now: datetime) -> Mail:
    newest = held.newest
    return Mail(
        id=new_id(),
        execution_id=newest.execution_id,
        profile=newest.profile,
        state=MailState.QUEUED,
        attempts=0,
        created_at=now,
        next_attempt_at=now,
        to=newest.to,
        kind=MailKind.DIGEST,
        audience=newest.audience,
    )
