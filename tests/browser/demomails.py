"""The mails of the shop of ``demo.py``: some in each state, but none that would be tried now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from botsched.domain.execution import Execution, State
from botsched.domain.ids import new_id
from botsched.domain.mailrules import Occasion
from botsched.domain.outbox import (
    AttemptOutcome,
    Mail,
    MailAttempt,
    MailKind,
    MailState,
    audience,
)
from botsched.domain.why import HeldBy, RuleSource, Why

PROFILE, FALLBACK = "ops", "standby"
SMTP = f"""
[{PROFILE}]
hostname = 127.0.0.1
port = 1
security = unencrypted
from = Bots <bots@shop.example>
to = operations@shop.example
fallback = {FALLBACK}
per_minute = 30

[{FALLBACK}]
hostname = 127.0.0.1
port = 1
security = unencrypted
from = Bots <bots@shop.example>
to = operations@shop.example
"""
NOTIFY = """
[rule incidents]
on = broken, still_failing, recovered

[command pager]
command = /bin/true
fallback = ops
"""
"""So that what succeeds owes no mail, and incidents owe one a day, which are there already."""

GREYLISTED = "450 4.2.0 <ann@shop.example>: Recipient address rejected: Greylisted for 5 minutes"
UNKNOWN = "550 5.1.1 <sales@shop.example>: Recipient address rejected: User unknown"
ACCEPTED = "250 2.0.0 Ok: queued as 4Zx1fT2k9Qz1vK"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def mails_of(rows: Sequence[Execution], now: datetime) -> list[Mail]:
    """Mails about some of these executions, which are in the order of their ends."""
    invoices = [each for each in _bad(rows, "Send invoices") if each.updated_at > now - DAY]
    payments = _bad(rows, "Check the payment gateway")
    files, sales = _bad(rows, "Back up customer files"), _bad(rows, "Export sales")
    first, second, third, *_ = invoices
    return [
        _delivered(_mail(first, Occasion.BROKEN), 2 * MINUTE),
        _held(_mail(second, Occasion.FAILURE, 2), HeldBy.CAP, now + 9 * 60 * MINUTE),
        _held(_mail(third, Occasion.FAILURE, 3), HeldBy.QUIET, now + 3 * 60 * MINUTE),
        _deferred(_mail(invoices[-1], Occasion.STILL_FAILING, len(invoices)), now),
        _dead(_mail(sales[-1], Occasion.FAILURE, to=["sales@shop.example"])),
        _delivered(_mail(files[-1], Occasion.TIMEOUT, to=["Ann <ann@shop.example>"]), MINUTE),
        *_digest(payments[-3:]),
    ]


def _bad(rows: Sequence[Execution], name: str) -> list[Execution]:
    bad = (State.FAILED, State.TIMEOUT)
    return [each for each in rows if each.job_name.startswith(name) and each.state in bad]


def _mail(
    run: Execution, occasion: Occasion, failures: int = 1, to: list[str] | None = None
) -> Mail:
    at = run.updated_at
    return Mail(
        new_id(), run.id, PROFILE, MailState.QUEUED, 0, at, at,
        to=to, job_id=run.job_id, why=Why((occasion,), 1, RuleSource.SERVER, failures, at),
        audience=audience(PROFILE, to), thread=run.id,
        subject=f"[bots-scheduler] {run.job_name}: {run.state}",
    )  # fmt: skip


def _ended(mail: Mail, state: MailState, after: timedelta, log: Sequence[MailAttempt]) -> Mail:
    ended, told = mail.created_at + after, tuple(log)
    return replace(
        mail, state=state, next_attempt_at=None, ended_at=ended, attempts=len(told), log=told
    )


def _attempt(
    at: datetime, outcome: AttemptOutcome, words: str, profile: str = PROFILE
) -> MailAttempt:
    return MailAttempt(at, profile, outcome, words)


def _delivered(mail: Mail, after: timedelta) -> Mail:
    at = mail.created_at + after
    return _ended(
        mail, MailState.DELIVERED, after, [_attempt(at, AttemptOutcome.DELIVERED, ACCEPTED)]
    )


def _dead(mail: Mail) -> Mail:
    refused = _attempt(mail.created_at, AttemptOutcome.REFUSED, UNKNOWN)
    return replace(_ended(mail, MailState.DEAD, timedelta(), [refused]), last_error=UNKNOWN)


def _deferred(mail: Mail, now: datetime) -> Mail:
    refused = f"{PROFILE} could not be reached: connection refused"
    log = (
        _attempt(mail.created_at, AttemptOutcome.DEFERRED, refused),
        _attempt(mail.created_at + MINUTE, AttemptOutcome.DEFERRED, refused),
        _attempt(mail.created_at + 3 * MINUTE, AttemptOutcome.DEFERRED, GREYLISTED, FALLBACK),
    )
    return replace(
        mail, state=MailState.DEFERRED, attempts=3, log=log, last_error=GREYLISTED,
        next_attempt_at=now + DAY, recipients=["ann@shop.example"],
        to=["ann@shop.example", "ben@shop.example"],
    )  # fmt: skip


def _held(mail: Mail, by: HeldBy, until: datetime) -> Mail:
    assert mail.why is not None
    why = replace(mail.why, held=by)
    return replace(mail, state=MailState.HELD, why=why, held_until=until, next_attempt_at=None)


def _digest(runs: Sequence[Execution]) -> list[Mail]:
    """Mails that were held, and the one that told them."""
    newest = runs[-1]
    whole = _delivered(
        Mail(
            new_id(), newest.id, PROFILE, MailState.QUEUED, 0, newest.updated_at, None,
            kind=MailKind.DIGEST, audience=audience(PROFILE, None),
            subject=f"[bots-scheduler] {len(runs)} mails in one",
        ),
        MINUTE,
    )  # fmt: skip
    told = [_ended(_mail(run, Occasion.FAILURE), MailState.DIGESTED, MINUTE, []) for run in runs]
    return [whole, *(replace(mail, digest_id=whole.id) for mail in told)]
