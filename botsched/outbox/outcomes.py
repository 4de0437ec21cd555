"""What becomes of a mail by an attempt."""

from dataclasses import replace
from datetime import datetime, timedelta

from botsched.domain.outbox import (
    GIVE_UP_AFTER,
    LEAST_ATTEMPTS,
    LONGEST_WAIT,
    AttemptOutcome,
    Mail,
    MailAttempt,
    MailState,
    retry_delay,
)
from botsched.errors import DeliveryError
from botsched.notify.delivery import Delivery, Refusal

_INTERRUPTED = (
    "The server ended, or had to leave off, in the midst of this attempt: the mail may have been "
    "sent."
)


def accepted(mail: Mail, delivery: Delivery, profile: str, at: datetime) -> Mail:
    """Somebody has it; those who were turned away for now are still owed it."""
    refusals = "; ".join(f"{who}: {refusal.reason}" for who, refusal in delivery.refused.items())
    words = "; ".join(filter(None, (delivery.words, refusals)))
    mail = _logged(mail, AttemptOutcome.DELIVERED, words, profile, at)
    for_good = {who: each.reason for who, each in delivery.refused.items() if each.permanent}
    mail = replace(mail, refused=mail.refused | for_good)
    later = [who for who in delivery.refused if who not in for_good]
    if later:
        return _put_off(replace(mail, recipients=later), refusals, at)
    return _ended(mail, MailState.DELIVERED, "", at)


def accepted_elsewhere(mail: Mail, delivery: Delivery, profile: str, at: datetime) -> Mail:
    """The same by another way than its own: whom that turns away, its own may still reach."""
    refused = {who: Refusal(refusal.reason, False) for who, refusal in delivery.refused.items()}
    return accepted(mail, replace(delivery, refused=refused), profile, at)


def failed(mail: Mail, error: DeliveryError, profile: str, at: datetime) -> Mail:
    """Nobody has it, as far as is known."""
    mail = noted(mail, error, profile, at)
    if error.permanent:
        return dead(mail, str(error), at)
    if error.refused:
        later = [who for who, permanent in error.refused.items() if not permanent]
        for_good = {who: str(error) for who in error.refused if who not in later}
        mail = replace(mail, recipients=later, refused=mail.refused | for_good)
    return _put_off(mail, str(error), at, at_least=error.retry_after or 0)


def failed_elsewhere(
    mail: Mail, own: DeliveryError, other: DeliveryError, profile: str, at: datetime
) -> Mail:
    """Neither its own way nor another took it; never is the word of the other one the last."""
    mail = noted(mail, other, profile, at)
    words = f"{own} {profile} was to stand in, but: {other}"
    return _put_off(mail, words, at, at_least=own.retry_after or 0)


def noted(mail: Mail, error: DeliveryError, profile: str, at: datetime) -> Mail:
    """The mail with this attempt in its log."""
    outcome = AttemptOutcome.REFUSED if error.permanent else AttemptOutcome.DEFERRED
    if error.uncertain:
        outcome = AttemptOutcome.UNCERTAIN
    return _logged(mail, outcome, str(error), profile, at)


def interrupted(mail: Mail, at: datetime) -> Mail:
    """Found in the midst of an attempt that nobody makes any more.

    It is put off as after any other attempt: if the program died of this mail, it must not do so
    again at once, and for ever.
    """
    mail = _logged(mail, AttemptOutcome.INTERRUPTED, _INTERRUPTED, mail.profile, at)
    return _put_off(mail, _INTERRUPTED, at)


def dead(mail: Mail, error: str, at: datetime) -> Mail:
    """Never to be tried again."""
    return _ended(mail, MailState.DEAD, error, at)


def _put_off(mail: Mail, error: str, at: datetime, *, at_least: float = 0) -> Mail:
    """To be tried again, ``at_least`` so many seconds later, unless it was for long enough.

    However many others ask for, it is no more than a day.
    """
    owed_since = max(filter(None, (mail.created_at, mail.held_until, mail.requeued_at)))
    if at - owed_since > GIVE_UP_AFTER and mail.attempts >= LEAST_ATTEMPTS:
        return dead(mail, f"Given up after {GIVE_UP_AFTER.days} days. {error}", at)
    asked = timedelta(seconds=min(at_least, LONGEST_WAIT.total_seconds()))
    wait = max(retry_delay(mail.attempts), asked)
    return replace(mail, state=MailState.DEFERRED, next_attempt_at=at + wait, last_error=error)


def _ended(mail: Mail, state: MailState, error: str, at: datetime) -> Mail:
    """It ends, with the words about all who did not get it, also of attempts long ago."""
    others = (f"{who}: {words}" for who, words in mail.refused.items() if who not in error)
    told = "; ".join(filter(None, (error, *others)))
    return replace(mail, state=state, next_attempt_at=None, ended_at=at, last_error=told or None)


def _logged(mail: Mail, outcome: AttemptOutcome, words: str, profile: str, at: datetime) -> Mail:
    return replace(mail, log=(*mail.log, MailAttempt(at, profile, outcome, words)))
