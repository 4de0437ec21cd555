"""What is owed through one channel, sent mail by mail."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from botsched.domain.outbox import AttemptOutcome, Mail, MailKind, MailState
from botsched.errors import DeliveryError, FencedError, StoreUnavailableError
from botsched.notify.delivery import Delivery, Refusal
from botsched.outbox import sender as module
from botsched.outbox.pace import Pace
from botsched.outbox.sender import Sender
from botsched.outbox.way import Way
from tests.support.channels import FakeChannel, FakeContents, FakeNotice, fails
from tests.support.values import NOW

ANN, BOB = "ann@example.org", "bob@example.org"
BUSY = DeliveryError("ops: 451 busy.", permanent=False)


def a_mail(id: str = "m1", **changes: Any) -> Mail:  # noqa: A002
    return replace(Mail(id, "e1", "ops", MailState.QUEUED, 0, NOW, NOW, job_id="j1"), **changes)


def held(id: str, **changes: Any) -> Mail:  # noqa: A002
    what = {"state": MailState.HELD, "next_attempt_at": None, "held_until": NOW, "audience": "a"}
    return a_mail(id, **{**what, **changes})


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def spare() -> FakeChannel:
    return FakeChannel("spare")


@pytest.fixture
def closing() -> threading.Event:
    return threading.Event()


@pytest.fixture
def sender(store, clock, channel, spare, closing) -> Sender:
    ways = (Way(each, Pace(each.per_minute)) for each in (channel, spare))
    return Sender(*ways, (ANN,), FakeContents(), store, clock, closing)


@pytest.fixture
def owe(store) -> Callable[..., None]:
    return lambda *mails: store.write(lambda s: s.outbox.add(list(mails)))


@pytest.fixture
def states(mails) -> Callable[[], dict[str, str]]:
    return lambda: {mail.id: str(mail.state) for mail in mails("e1")}


@pytest.fixture
def only(mails) -> Callable[[], Mail]:
    return lambda: mails("e1")[0]


def sent(channel: FakeChannel) -> list[str]:
    return [each[0] for each in channel.sent]


def test_all_that_is_due_goes_over_one_line_the_oldest_first(sender, channel, owe, states) -> None:
    owe(a_mail("m2"), a_mail("m1", next_attempt_at=NOW - timedelta(hours=1)), a_mail("m3"))
    later = {"state": MailState.DEFERRED, "created_at": NOW + timedelta(seconds=1)}
    owe(a_mail("later", **later, next_attempt_at=later["created_at"]))
    owe(a_mail("other", profile="dev"))

    assert not sender.send_due()

    assert sent(channel) == ["m1", "m2", "m3"]
    assert (channel.opened, channel.closed) == (1, 1)
    delivered = dict.fromkeys(("m1", "m2", "m3"), "delivered")
    assert states() == {"later": "deferred", "other": "queued", **delivered}


def test_nothing_is_opened_when_nothing_is_due(sender, channel) -> None:
    assert not sender.send_due()

    assert channel.opened == 0


def test_no_more_than_one_mail_is_ever_in_doubt(sender, channel, owe, states) -> None:
    seen = []

    def answer(_notice) -> Delivery:
        seen.append(list(states().values()))
        return Delivery((ANN,), words="250 ok")

    channel.answer = answer
    owe(a_mail("m1"), a_mail("m2"), a_mail("m3"))

    sender.send_due()

    assert seen == [
        ["sending", "queued", "queued"],
        ["delivered", "sending", "queued"],
        ["delivered", "delivered", "sending"],
    ]


def test_what_is_known_of_an_attempt_is_kept(sender, channel, owe, only) -> None:
    channel.answer = fails(BUSY)
    owe(a_mail())

    sender.send_due()

    mail = only()
    assert (mail.state, mail.attempts, mail.subject) == (MailState.DEFERRED, 1, "It failed")
    (attempt,) = mail.log
    assert (attempt.profile, attempt.outcome) == ("ops", AttemptOutcome.DEFERRED)
    assert (attempt.at, attempt.words) == (NOW, mail.last_error) == (NOW, "ops: 451 busy.")


def test_the_log_tells_of_each_mail_and_when_it_is_tried_again(
    channel, owe, store, clock, closing, caplog
) -> None:
    def slowly() -> datetime:
        clock.move(seconds=0.1)
        return clock()

    slow = Sender(Way(channel, Pace(None)), None, (ANN,), FakeContents(), store, slowly, closing)
    channel.answer = fails(BUSY, DeliveryError("no such room", permanent=True))
    owe(a_mail("m1"), a_mail("m2"))

    slow.send_due()

    assert caplog.messages == [
        "ops: 451 busy. Mail m1 is tried again in 15 s.",
        "Mail m2 about execution e1 is given up: no such room",
    ]


def test_a_mail_of_which_the_record_cannot_be_read_now_is_put_off(
    channel, owe, only, store, clock, closing, caplog
) -> None:
    class Away(FakeContents):
        def notice(self, *_arguments: Any) -> FakeNotice:
            raise StoreUnavailableError("The database does not answer.")

    way = Way(channel, Pace(None))
    owe(a_mail())

    Sender(way, None, (), Away(), store, clock, closing).send_due()

    assert (only().state, only().last_error) == ("deferred", "The database does not answer.")
    assert {record.exc_info for record in caplog.records} == {None}


def test_an_attempt_that_was_cut_off_is_told_and_made_again(
    sender, channel, owe, store, clock, only
) -> None:
    owe(a_mail())
    store.write(lambda s: s.mail_queue.claim("ops", NOW))  # and then the program was killed

    sender.send_due()

    assert (channel.sent, only().state) == ([], MailState.DEFERRED)
    assert only().log[0].outcome is AttemptOutcome.INTERRUPTED
    clock.move(seconds=15)
    sender.send_due()
    assert (sent(channel), only().state) == (["m1"], MailState.DELIVERED)
    assert [each.outcome for each in only().log] == [
        *(AttemptOutcome.INTERRUPTED, AttemptOutcome.DELIVERED),
    ]


def test_a_start_tries_at_once_what_was_put_off_the_oldest_first(
    sender, channel, owe, clock, only
) -> None:
    hour = timedelta(hours=1)
    deferred = {"state": MailState.DEFERRED, "attempts": 9, "next_attempt_at": NOW + hour}
    owe(a_mail("new", **deferred), a_mail("old", **deferred, created_at=NOW - hour))

    sender.send_due()
    assert sent(channel) == ["old", "new"]

    channel.answer = fails(BUSY)
    owe(a_mail("later"))
    sender.send_due()
    clock.move(seconds=14)
    sender.send_due()
    assert sent(channel) == ["old", "new", "later"]  # that one waits


@pytest.mark.parametrize("to", [None, [BOB]])
def test_after_two_vain_attempts_another_channel_stands_in(
    sender, channel, spare, owe, clock, only, to
) -> None:
    channel.answer = fails(BUSY)
    owe(a_mail(to=to, recipients=to))

    for attempt in (1, 2):
        sender.send_due()
        assert (only().attempts, spare.sent) == (attempt, [])
        clock.move(hours=1)
    sender.send_due()

    assert only().state is MailState.DELIVERED
    assert [each[0] for each in channel.sent] == ["m1"] * 3
    assert spare.sent == [("m1", tuple(to or (ANN,)), tuple(to or ()))]  # the people it is for
    assert [(each.profile, each.outcome) for each in only().log] == [
        *[("ops", AttemptOutcome.DEFERRED)] * 3, ("spare", AttemptOutcome.DELIVERED),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"permanent": True}, MailState.DEAD),
        ({"uncertain": True}, MailState.DEFERRED),
        ({"refused": {ANN: False}}, MailState.DEFERRED),
    ],
)
def test_no_other_channel_is_asked_when_the_server_is_not_to_blame(
    sender, channel, spare, owe, only, changes, state
) -> None:
    """It may have taken the mail, or answered to what is wrong with it."""
    channel.answer = fails(DeliveryError("No.", **{"permanent": False, **changes}))
    owe(a_mail(attempts=5, state=MailState.DEFERRED))

    sender.send_due()

    assert (only().state, spare.opened) == (state, 0)


def test_when_both_fail_it_is_tried_again_later(sender, channel, spare, owe, only) -> None:
    channel.answer = fails(BUSY)
    spare.answer = fails(DeliveryError("spare: 550 no.", permanent=True))
    owe(a_mail(attempts=2, state=MailState.DEFERRED))

    sender.send_due()

    assert only().state is MailState.DEFERRED
    assert only().last_error == "ops: 451 busy. spare was to stand in, but: spare: 550 no."
    assert [each.profile for each in only().log] == ["ops", "spare"]


def test_whom_the_other_channel_refuses_stays_owed(sender, channel, spare, owe, only) -> None:
    channel.answer = fails(BUSY)
    spare.answer = lambda _notice: Delivery((ANN,), {BOB: Refusal("550 no relay", True)})
    owe(a_mail(attempts=2, state=MailState.DEFERRED, to=[ANN, BOB]))

    sender.send_due()

    assert (only().state, only().recipients) == (MailState.DEFERRED, [BOB])


def test_a_channel_stands_in_within_its_own_limit(
    store, clock, channel, closing, owe, states
) -> None:
    channel.answer = fails(BUSY)
    spare = FakeChannel("spare", per_minute=1)
    ways = (Way(each, Pace(each.per_minute)) for each in (channel, spare))
    owe(*(a_mail(f"m{n}", attempts=2, state=MailState.DEFERRED) for n in (1, 2)))

    Sender(*ways, (ANN,), FakeContents(), store, clock, closing).send_due()

    assert sent(spare) == ["m1"]
    assert states() == {"m1": "delivered", "m2": "deferred"}


def test_no_more_than_the_limit_a_minute_are_taken_up(store, clock, closing, owe, states) -> None:
    channel = FakeChannel(per_minute=2)
    way = Way(channel, Pace(2))
    owe(*(a_mail(f"m{number}") for number in (1, 2, 3)))
    sender = Sender(way, None, (), FakeContents(), store, clock, closing)

    assert [sender.send_due() for _ in range(2)] == [False, False]

    assert states() == {"m1": "delivered", "m2": "delivered", "m3": "queued"}


def test_at_closing_time_the_attempt_under_way_is_the_last(
    sender, channel, owe, closing, states
) -> None:
    channel.answer = lambda _notice: closing.set() or Delivery((ANN,))
    owe(a_mail("m1"), a_mail("m2"))

    sender.run()

    closing.clear()
    channel.answer = lambda _notice: closing.set() or Delivery((ANN,))
    assert states() == {"m1": "delivered", "m2": "queued"}
    sender.run()
    assert states() == {"m1": "delivered", "m2": "delivered"}


def test_what_was_sent_is_recorded_though_another_server_took_over(
    sender, channel, owe, store, states, monkeypatch
) -> None:
    def answer(_notice) -> Delivery:
        taken_over = FencedError("Another server schedules now.")
        monkeypatch.setattr(store.fence, "refusal", lambda _token: taken_over)
        return Delivery((ANN,))

    channel.answer = answer
    owe(a_mail("m1"), a_mail("m2"))

    with pytest.raises(FencedError):
        sender.send_due()

    assert states() == {"m1": "delivered", "m2": "queued"}
    assert channel.closed == 1


def test_between_many_mails_it_is_looked_for_what_was_held(
    sender, channel, owe, states, monkeypatch
) -> None:
    monkeypatch.setattr(module, "_PASS", 2)
    owe(*(a_mail(f"m{number}") for number in (1, 2, 3)))

    assert sender.send_due()

    assert states() == {"m1": "delivered", "m2": "delivered", "m3": "queued"}
    assert not sender.send_due()
    assert states()["m3"] == "delivered"


def test_what_was_held_goes_out_as_one_mail(sender, channel, owe, clock, mails) -> None:
    later = clock.now + timedelta(hours=1)
    owe(held("m1"), held("m2", execution_id="e2", to=[BOB]), held("m3", held_until=later))

    sender.send_due()

    (digest,) = [mail for mail in mails("e2") if mail.kind is MailKind.DIGEST]
    assert (digest.state, digest.to, digest.audience) == (MailState.DELIVERED, [BOB], "a")
    assert sent(channel) == [digest.id]
    told = {mail.id: (mail.state, mail.digest_id) for each in ("e1", "e2") for mail in mails(each)}
    del told[digest.id]
    assert told == {
        "m1": (MailState.DIGESTED, digest.id),
        "m2": (MailState.DIGESTED, digest.id),
        "m3": (MailState.HELD, None),
    }


def test_one_that_was_held_alone_goes_out_as_itself(sender, channel, owe, clock, only) -> None:
    owe(held("m1", held_until=NOW + timedelta(hours=1)))
    sender.send_due()
    assert (only().state, channel.sent) == (MailState.HELD, [])

    clock.move(hours=1)
    sender.send_due()

    assert (only().state, sent(channel)) == (MailState.DELIVERED, ["m1"])
