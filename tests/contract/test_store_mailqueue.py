"""Mails that are claimed, tried and recorded, and those that are held, on every database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from botsched.domain.outbox import AttemptOutcome, Mail, MailAttempt, MailKind, MailState
from botsched.store.store import Store
from tests.support.values import NOW

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def a_mail(id: str = "m1", **changes: Any) -> Mail:  # noqa: A002
    return replace(Mail(id, "e1", "ops", MailState.QUEUED, 0, NOW, NOW, job_id="j1"), **changes)


def held(id: str, until: datetime = NOW, **changes: Any) -> Mail:  # noqa: A002
    what = {"state": MailState.HELD, "next_attempt_at": None, "held_until": until}
    return a_mail(id, **{"audience": "a" * 32, **what, **changes})


@pytest.fixture
def owed(store: Store) -> Callable[..., None]:
    return lambda *mails: store.write(lambda s: s.outbox.add(list(mails)))


@pytest.fixture
def claim(store: Store) -> Callable[..., Mail | None]:
    return lambda profile="ops", now=NOW: store.write(lambda s: s.mail_queue.claim(profile, now))


@pytest.fixture
def all_mails(store: Store) -> Callable[[], dict[str, Mail]]:
    return lambda: {m.id: m for m in store.read(lambda s: s.outbox.of_execution("e1"))}


def test_the_mail_that_waits_longest_is_claimed(owed, claim, all_mails) -> None:
    owed(
        a_mail("m3"),
        a_mail("m2", next_attempt_at=NOW - SECOND / 2),
        a_mail("m9", state=MailState.DEFERRED, attempts=4, next_attempt_at=NOW - SECOND),
        a_mail("later", state=MailState.DEFERRED, next_attempt_at=NOW + SECOND / 1000),
        a_mail("other", profile="dev"),
        a_mail("done", state=MailState.DELIVERED, next_attempt_at=None),
        a_mail("under way", state=MailState.SENDING, attempts=1),
        held("held"),
    )

    claimed = [claim() for _ in range(4)]

    assert [mail and (mail.id, mail.state, mail.attempts) for mail in claimed] == [
        *(("m9", MailState.SENDING, 5), ("m2", MailState.SENDING, 1)),
        *(("m3", MailState.SENDING, 1), None),
    ]
    assert [all_mails()[mail.id] for mail in claimed[:3]] == claimed[:3]
    assert claim("dev").id == "other"


def test_what_is_owed_does_not_wait_until_a_clock_that_was_set_back_is_there(owed, claim) -> None:
    deferred = {"state": MailState.DEFERRED, "attempts": 7}
    owed(
        a_mail("m1", next_attempt_at=NOW + HOUR),
        a_mail("m2", next_attempt_at=NOW + 2500 * HOUR, **deferred),
        a_mail("m3", next_attempt_at=NOW + HOUR, **deferred),
        a_mail("m4"),
    )

    assert claim().id == "m4"
    assert {claim().id, claim().id} == {"m1", "m2"}
    assert claim() is None


def test_an_attempt_is_recorded_only_while_it_is_under_way(store, owed, claim, all_mails) -> None:
    """Others may have taken it up meanwhile: another server, or somebody who discarded it."""
    owed(a_mail())
    mail = claim()
    log = (MailAttempt(NOW, "ops", AttemptOutcome.DEFERRED, "451 ☃"),)
    deferred = replace(mail, state=MailState.DEFERRED, next_attempt_at=NOW, log=log, subject="s")

    assert store.write(lambda s: s.mail_queue.record(deferred))
    assert all_mails() == {"m1": deferred}
    assert not store.write(lambda s: s.mail_queue.record(replace(deferred, last_error="again")))

    again = claim()
    accepted = (MailAttempt(NOW, "ops", AttemptOutcome.DELIVERED, "250 ok"),)
    late = replace(mail, state=MailState.DELIVERED, ended_at=NOW, log=accepted)
    assert not store.write(lambda s: s.mail_queue.record(late))
    assert all_mails() == {"m1": again}


@pytest.mark.parametrize("left", [None, ["bob@x"]])
def test_what_has_arrived_is_recorded_though_another_server_put_it_off(
    store, owed, claim, all_mails, left
) -> None:
    owed(a_mail())
    mail = claim()
    put_off = replace(mail, state=MailState.DEFERRED, next_attempt_at=NOW + SECOND)
    log = (MailAttempt(NOW, "ops", AttemptOutcome.DELIVERED, "250 ok"),)
    arrived = replace(mail, state=MailState.DELIVERED, next_attempt_at=None, ended_at=NOW, log=log)
    if left is not None:
        arrived = replace(put_off, recipients=left, log=log)
    store.write(lambda s: s.mail_queue.record(put_off))

    assert store.write(lambda s: s.mail_queue.record(arrived))

    assert all_mails() == {"m1": arrived}


def test_what_was_claimed_is_found_again(store, owed, claim) -> None:
    owed(a_mail("m1"), a_mail("m2"), a_mail("m3", profile="dev"))
    mail = claim()
    claim("dev")

    assert store.read(lambda s: s.mail_queue.sending("ops")) == [mail]
    assert store.read(lambda s: s.mail_queue.sending("nobody")) == []


@pytest.mark.parametrize(
    ("mail", "has_work"),
    [
        (a_mail(), True),
        (a_mail(state=MailState.SENDING), True),
        (held("m1"), True),
        (a_mail(profile="dev"), False),
        (a_mail(state=MailState.DEFERRED, next_attempt_at=NOW + SECOND), False),
        (a_mail(state=MailState.DEFERRED, next_attempt_at=NOW + 24 * HOUR), False),
        (a_mail(state=MailState.DEFERRED, next_attempt_at=NOW + 26 * HOUR), True),
        (a_mail(next_attempt_at=NOW + SECOND), True),
        (a_mail(state=MailState.SENDING, next_attempt_at=NOW + SECOND), True),
        (held("m1", NOW + SECOND), False),
        (a_mail(state=MailState.DEAD, next_attempt_at=None), False),
    ],
)
def test_there_is_work_when_something_is_due(store, owed, mail, has_work) -> None:
    owed(mail)

    assert store.read(lambda s: s.mail_queue.has_work("ops", NOW)) is has_work


def test_what_was_held_is_grouped_by_whom_it_is_for(store, owed) -> None:
    other = "b" * 32
    owed(
        held("m1"),
        held("m2", NOW - SECOND),
        held("m3", NOW + SECOND),
        held("m4", audience=other),
        held("m5", profile="dev"),
        a_mail("m6", audience=other),
    )

    found = store.read(lambda s: list(s.mail_queue.held("ops", NOW)))

    assert [(each.count, each.newest.id) for each in found] == [(2, "m2"), (1, "m4")]


def test_one_that_was_held_is_queued(store, owed, all_mails) -> None:
    mail = held("m1")
    owed(mail, held("m2"))

    store.write(lambda s: s.mail_queue.release(mail, NOW))

    queued = replace(mail, state=MailState.QUEUED, next_attempt_at=NOW)
    assert all_mails() == {"m1": queued, "m2": held("m2")}


def test_several_are_told_in_a_digest(store, owed, all_mails) -> None:
    told = [held("m1"), held("m2", NOW - SECOND, to=["ann@example.org"])]
    kept = [held("m3", NOW + SECOND), held("m4", audience="b" * 32), held("m5", profile="dev")]
    owed(*told, *kept)
    digest = a_mail("m9", kind=MailKind.DIGEST, audience="a" * 32, job_id=None)

    store.write(lambda s: (s.outbox.add([digest]), s.mail_queue.tell_in(digest, NOW)))

    ended = {"state": MailState.DIGESTED, "digest_id": "m9", "ended_at": NOW}
    digested = [replace(mail, **ended) for mail in told]
    assert all_mails() == {mail.id: mail for mail in (*digested, *kept, digest)}
    assert store.read(lambda s: s.outbox.told_by("m9", 10)) == (digested[::-1], 2)
    assert store.read(lambda s: s.outbox.told_by("m9", 1)) == (digested[1:], 2)


def test_the_newest_mails_that_a_digest_tells_are_read_and_all_are_counted(owed, store) -> None:
    told = {"state": MailState.DIGESTED, "digest_id": "d", "next_attempt_at": None}
    owed(*(a_mail(f"m{n}", created_at=NOW + n % 3 * SECOND, **told) for n in range(5)), a_mail("x"))

    newest, count = store.read(lambda s: s.outbox.told_by("d", 3))

    assert [mail.id for mail in newest] == ["m2", "m4", "m1"]
    assert count == 5


def test_what_was_put_off_is_brought_forward_the_oldest_first(owed, claim, store) -> None:
    deferred = {"state": MailState.DEFERRED, "attempts": 4, "next_attempt_at": NOW + 60 * SECOND}
    owed(
        a_mail("new", **deferred, created_at=NOW - SECOND),
        a_mail("old", **deferred, created_at=NOW - 2 * SECOND),
        a_mail("other", **deferred, profile="dev"),
        a_mail("under way", **{**deferred, "state": MailState.SENDING}),
        held("held", NOW + SECOND),
        # From before the clock was set back.
        a_mail("early", **deferred, created_at=NOW + SECOND),
    )

    store.write(lambda s: s.mail_queue.hasten("ops", NOW))

    assert [mail and (mail.id, mail.attempts) for mail in (claim(), claim(), claim())] == [
        *(("old", 5), ("new", 5)),
        None,
    ]
    assert claim("dev") is None
