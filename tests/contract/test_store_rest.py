"""The smaller tables: mails, audit events, data files."""

from dataclasses import replace
from datetime import timedelta

import pytest

from botsched.domain.audit import AuditEvent, Event, FieldChange
from botsched.domain.datafile import DataFile
from botsched.domain.mailrules import Occasion
from botsched.domain.outbox import (
    AttemptOutcome,
    Mail,
    MailAttempt,
    MailKind,
    MailState,
    ProfileStanding,
)
from botsched.domain.paging import AuditFilter, Paging
from botsched.domain.why import HeldBy, RuleSource, Why
from botsched.errors import InvalidError
from tests.support.values import NOW

LATER = NOW + timedelta(minutes=3, microseconds=7)


def a_mail(**changes) -> Mail:
    values = {
        "id": "m1",
        "execution_id": "e1",
        "profile": "ops",
        "state": MailState.QUEUED,
        "attempts": 0,
        "created_at": NOW,
        "next_attempt_at": NOW,
    }
    return Mail(**values | changes)


def test_each_profile_tells_how_its_mails_stand(store) -> None:
    second = timedelta(seconds=1)
    mails = [
        a_mail(id="m1", next_attempt_at=LATER),
        a_mail(id="m2", state=MailState.DEFERRED, created_at=NOW - second, last_error="old"),
        a_mail(id="m3", state=MailState.DEFERRED, created_at=NOW, last_error="new"),
        a_mail(id="m4", state=MailState.DEAD, next_attempt_at=None, ended_at=NOW, last_error="x"),
        a_mail(id="m5", state=MailState.DEAD, next_attempt_at=None, ended_at=LATER, last_error="y"),
        a_mail(id="m6", state=MailState.DELIVERED, next_attempt_at=None),
        a_mail(id="m7", profile="dev"),
        a_mail(id="m8", profile="old", state=MailState.DELIVERED, next_attempt_at=None),
    ]
    store.write(lambda s: s.outbox.add(mails))

    assert store.read(lambda s: s.outbox.standings()) == [
        ProfileStanding("dev", owed=1, oldest=NOW, next_attempt=NOW),
        ProfileStanding("ops", 3, 2, 2, NOW - second, NOW, "new", "y", LATER),
    ]


def test_all_of_a_mail_is_kept(store) -> None:
    mail, other = a_mail(), a_mail(id="m2")
    whole = replace(
        mail,
        state=MailState.DEFERRED,
        attempts=3,
        next_attempt_at=LATER,
        recipients=["ann@example.org", "josé@example.org"],
        ended_at=LATER,
        last_error="451 später ☃",
        to=["Ann <ann@example.org>", "josé@example.org"],
        job_id="j1",
        kind=MailKind.DIGEST,
        why=Why((Occasion.FAILURE,), 2, RuleSource.JOB, 3, NOW, HeldBy.QUIET),
        audience="a" * 32,
        thread="e0",
        held_until=LATER,
        digest_id="d1",
        resent_of="m0",
        requeued_at=NOW,
        subject="[bots-scheduler] ☃: failed",
        log=(MailAttempt(LATER, "ops", AttemptOutcome.DEFERRED, "451 später ☃"),),
    )

    store.write(lambda s: s.outbox.add([whole, other]))
    store.write(lambda s: s.outbox.add([]))

    assert store.read(lambda s: s.outbox.of_execution("e1")) == [whole, other]
    assert store.read(lambda s: s.outbox.of_execution("e2")) == []


def test_of_a_mail_the_last_attempts_and_the_beginning_of_its_subject_are_kept(store) -> None:
    log = tuple(
        MailAttempt(NOW, "ops", AttemptOutcome.DEFERRED, str(number)) for number in range(25)
    )

    store.write(lambda s: s.outbox.add([a_mail(log=log, subject="☃" * 600)]))

    [mail] = store.read(lambda s: s.outbox.of_execution("e1"))
    assert (mail.log, mail.subject) == (log[5:], "☃" * 500)


EVENTS = [
    AuditEvent(Event.ADDED, "ann", NOW - timedelta(microseconds=1), "j1", "backup", "name: 'ü ☃'"),
    AuditEvent(
        Event.PAUSED,
        "bob",
        NOW,
        "j1",
        "backup",
        changes=(FieldChange("paused", False, True), FieldChange("notes", "", "<☃>")),
    ),
    AuditEvent(Event.LOGIN, "ann", LATER, description="from 127.0.0.1"),
]


def audit(store, limit=None, cursor=None, **wanted):
    return store.read(lambda s: s.audit.find(AuditFilter(**wanted), Paging(limit, cursor)))


@pytest.fixture
def audited(store):
    for event in EVENTS:
        store.write(lambda s, event=event: s.audit.add(event))
    return store


def test_audit_events_are_listed_the_newest_first(audited) -> None:
    assert audit(audited).items == [EVENTS[2], EVENTS[1], EVENTS[0]]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"user": "ann"}, [2, 0]),
        ({"event": "paused"}, [1]),
        ({"job_id": "j1"}, [1, 0]),
        ({"job_id": "j1", "user": "ann"}, [0]),
        ({"start": LATER}, [2]),
        ({"end": NOW}, [1, 0]),
        ({"user": "an"}, []),
    ],
)
def test_audit_events_are_filtered(audited, wanted, expected) -> None:
    assert audit(audited, **wanted).items == [EVENTS[number] for number in expected]


def test_audit_events_are_paged(audited) -> None:
    first = audit(audited, 2)

    assert first.items == [EVENTS[2], EVENTS[1]]
    assert audit(audited, 2, first.next_cursor).items == [EVENTS[0]]
    with pytest.raises(InvalidError, match="begin without one"):
        audit(audited, 2, "strange")


def test_a_file_is_recorded_in_place_of_its_namesake(store) -> None:
    old = DataFile("hosts.txt", "ann", NOW, 2, "Old ☃")
    new = DataFile("hosts.txt", "bob", LATER, 3, "")
    other = DataFile("a.txt", "ann", NOW, 0, "")

    for file in (old, other, new):
        store.write(lambda s, file=file: s.files.put(file))

    assert store.read(lambda s: s.files.all()) == [other, new]
    assert store.read(lambda s: s.files.get("hosts.txt")) == new
    assert store.read(lambda s: s.files.get("HOSTS.txt")) is None
    store.write(lambda s: s.files.delete("hosts.txt"))
    store.write(lambda s: s.files.delete("unknown"))
    assert store.read(lambda s: s.files.all()) == [other]
