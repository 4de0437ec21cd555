"""Mails as users find and change them, on every database."""

from datetime import timedelta

import pytest

from botsched.domain.execution import State
from botsched.domain.maillist import MailFilter
from botsched.domain.mailrules import Occasion
from botsched.domain.news import Topic
from botsched.domain.outbox import Mail, MailState
from botsched.domain.paging import Paging
from botsched.domain.why import RuleSource, Why
from botsched.errors import InvalidError, NotFoundError
from tests.support.values import NOW, an_execution

LATER = NOW + timedelta(hours=1)
WHY = Why((Occasion.BROKEN,), 1, RuleSource.JOB, 2, NOW)
RUN = an_execution(id="e1", job_id="j1", job_name="Sicherung ☃ 100%", state=State.FAILED)


def a_mail(mail_id: str, minutes: int = 0, **changes) -> Mail:
    values = {
        "execution_id": RUN.id,
        "profile": "ops",
        "state": MailState.QUEUED,
        "attempts": 0,
        "next_attempt_at": NOW,
        "job_id": "j1",
        "why": WHY,
    }
    return Mail(id=mail_id, created_at=NOW + timedelta(minutes=minutes), **values | changes)


MAILS = [
    a_mail("m1", 1, state=MailState.DEAD, last_error="550 weg ☃", ended_at=NOW),
    a_mail("m2", 2, state=MailState.DEAD, profile="dev", attempts=9, recipients=["b@x.example"]),
    a_mail("m3", 2, state=MailState.HELD, held_until=LATER, to=["josé@x.example"]),
    a_mail("m4", 3, state=MailState.DELIVERED, subject="[bots] fertig", job_id="j2"),
    a_mail("m5", 4, execution_id="gone", job_id="j2"),
    a_mail("m6", 5, state=MailState.SENDING, digest_id="d1", profile="dev"),
    a_mail("m7", 6, state=MailState.DEFERRED, attempts=3, last_error="451"),
]


@pytest.fixture
def owed(store):
    def operation(session) -> None:
        session.executions.add([RUN])
        session.outbox.add(MAILS)

    store.write(operation)
    return store


def found(store, limit: int | None = None, cursor: str | None = None, **wanted):
    return store.read(lambda s: s.mail_list.find(MailFilter(**wanted), Paging(limit, cursor)))


def ids(store, **wanted) -> str:
    return " ".join(each.mail.id for each in found(store, **wanted).items)


def states(*wanted: MailState) -> frozenset[MailState]:
    return frozenset(wanted)


def test_mails_are_told_with_their_executions(owed) -> None:
    listed = found(owed).items

    assert [each.mail for each in listed] == sorted(
        MAILS, key=lambda mail: (mail.created_at, mail.id), reverse=True
    )
    by_id = {each.mail.id: each for each in listed}
    one = owed.read(lambda s: s.mail_list.get("m1"))
    assert one == by_id["m1"]
    assert (one.job_id, one.job_name, one.outcome) == ("j1", RUN.job_name, State.FAILED)
    gone = by_id["m5"]
    assert (gone.job_id, gone.job_name, gone.outcome) == ("j2", "", None)
    with pytest.raises(NotFoundError):
        owed.read(lambda s: s.mail_list.get("m"))


def test_mails_are_found_by_what_they_are(owed) -> None:
    dead_or_held = states(MailState.DEAD, MailState.HELD)
    assert ids(owed, states=dead_or_held) == "m3 m2 m1"
    assert ids(owed, states=dead_or_held, profile="dev") == "m2"
    assert ids(owed, profile="dev") == "m6 m2"
    assert ids(owed, job_id="j2") == "m5 m4"
    assert ids(owed, job_id="j2", states=states(MailState.DELIVERED)) == "m4"
    assert ids(owed, execution_id="gone") == "m5"
    assert ids(owed, digest_id="d1", states=states(MailState.SENDING)) == "m6"
    assert ids(owed, start=NOW + timedelta(minutes=4)) == "m7 m6 m5"
    assert ids(owed, end=NOW + timedelta(minutes=2)) == "m3 m2 m1"
    assert ids(owed, text="☃ 100%") == "m7 m6 m4 m3 m2 m1"
    assert ids(owed, text="FERTIG") == "m4"
    assert ids(owed, text="weg ☃") == "m1"
    assert ids(owed, text="josé@") == "m3"
    assert ids(owed, text="1000%") == ""


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"text": "sicherung"},
        {"states": states(MailState.DEAD, MailState.HELD, MailState.DELIVERED)},
        {"states": states(MailState.DEAD, MailState.HELD), "profile": "ops"},
    ],
)
def test_pages_follow_each_other(owed, wanted) -> None:
    seen, cursor = [], None
    while True:
        page = found(owed, 2, cursor, **wanted)
        seen += [each.mail.id for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert " ".join(seen) == ids(owed, **wanted)
    with pytest.raises(InvalidError):
        found(owed, 2, "x", **wanted)


def test_mails_are_counted(owed) -> None:
    assert owed.read(lambda s: s.mail_list.counts()) == {
        "dev": {MailState.DEAD: 1, MailState.SENDING: 1},
        "ops": {
            MailState.DEAD: 1,
            MailState.HELD: 1,
            MailState.DELIVERED: 1,
            MailState.QUEUED: 1,
            MailState.DEFERRED: 1,
        },
    }


def test_what_may_be_sent_once_more_is_chosen_by_state_profile_and_job(owed) -> None:
    def chosen(**wanted):
        return owed.read(lambda s: s.mail_list.ids(MailFilter(**wanted)))

    assert chosen(states=states(MailState.DEAD, MailState.DEFERRED)) == ["m1", "m2", "m7"]
    assert chosen(states=states(MailState.DEAD), profile="dev") == ["m2"]
    assert chosen(states=states(MailState.DEAD), job_id="j2") == []


def test_only_what_did_not_arrive_is_queued_anew(owed) -> None:
    every = [mail.id for mail in MAILS] + ["m"]

    assert owed.write(lambda s: s.mail_list.requeue(every, LATER)) == 4
    assert owed.write(lambda s: s.mail_list.requeue(every, LATER)) == 0

    for mail_id in ("m1", "m2", "m3", "m7"):
        mail = owed.read(lambda s, one=mail_id: s.mail_list.get(one)).mail
        assert (mail.state, mail.attempts, mail.ended_at) == (MailState.QUEUED, 0, None)
        assert (mail.next_attempt_at, mail.requeued_at, mail.held_until) == (LATER, LATER, None)
    assert owed.read(lambda s: s.mail_list.get("m2")).mail.recipients == ["b@x.example"]
    for mail in MAILS[3:6]:
        assert owed.read(lambda s, one=mail.id: s.mail_list.get(one)).mail == mail


def test_what_was_requeued_is_claimed_and_its_claim_from_before_counts_for_nothing(owed) -> None:
    before = owed.write(lambda s: s.mail_queue.claim("ops", NOW))
    assert before is not None
    assert not owed.write(lambda s: s.mail_list.discard(before.id, "Discarded by ann.", LATER))
    assert owed.write(lambda s: s.mail_list.requeue([before.id], LATER)) == 0

    owed.write(lambda s: s.mail_list.requeue(["m2"], NOW))
    claimed = owed.write(lambda s: s.mail_queue.claim("dev", NOW))
    assert (claimed.id, claimed.attempts) == ("m2", 1)


def test_only_what_waits_is_discarded(owed) -> None:
    def discard(mail_id):
        return owed.write(lambda s: s.mail_list.discard(mail_id, "Discarded by ☃.", LATER))

    assert [mail.id for mail in MAILS if discard(mail.id)] == ["m3", "m5", "m7"]
    mail = owed.read(lambda s: s.mail_list.get("m3")).mail
    assert (mail.state, mail.last_error) == (MailState.DEAD, "Discarded by ☃.")
    assert (mail.ended_at, mail.next_attempt_at) == (LATER, None)
    assert mail.held_until is not None  # so that it does not count as sent
    assert owed.write(lambda s: s.mail_queue.claim("ops", LATER)) is None


def test_every_change_of_mails_is_news(owed) -> None:
    def noted(change) -> bool:
        return owed.write(lambda s: change(s) and (Topic.MAIL, "") in s.notes)

    mail = a_mail("m8")
    assert noted(lambda s: s.outbox.add([mail]) is None)
    assert noted(lambda s: s.mail_queue.claim("ops", NOW))
    assert noted(lambda s: s.mail_list.requeue(["m1"], LATER))
    assert noted(lambda s: s.mail_list.discard("m1", "x", LATER))
    assert not noted(lambda s: s.mail_list.get("m1"))
