"""A mail server that is away for an hour, in simulated time."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from botsched.domain.outbox import Mail, MailState
from botsched.notify.channels.smtp import SmtpChannel
from botsched.outbox.pace import Pace
from botsched.outbox.sender import Sender
from botsched.outbox.way import Way
from tests.support.channels import FakeContents
from tests.support.profiles import PATIENT, profile_for
from tests.support.smtpserver import Faults, SmtpServer
from tests.support.values import NOW

STEP = timedelta(seconds=30)
AWAY, BACK, END = (timedelta(minutes=minute) for minute in (5, 65, 140))
EVERY = timedelta(minutes=5)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def live_through(store, clock, mails) -> Callable[..., list[Mail]]:
    """Have a mail owed every five minutes, and the server away for an hour; gives the mails."""

    def live_through(sender: Sender, leave: Callable[[], None], come_back: Callable[[], None]):
        events = {AWAY: leave, BACK: come_back}
        for number in range(END // STEP):
            passed = number * STEP
            clock.now = NOW + passed
            if passed in events:
                events[passed]()
            if passed % EVERY == timedelta(0) and passed < BACK:
                owed = Mail(f"m{number}", "e1", "ops", MailState.QUEUED, 0, clock.now, clock.now)
                store.write(lambda session, owed=owed: session.outbox.add([owed]))
            sender.send_due()
        return mails("e1")

    return live_through


@pytest.fixture
def make(store, clock) -> Callable[..., Sender]:
    """A sender through a server, and perhaps another that stands in for it."""

    def make(server: SmtpServer, spare: SmtpServer | None = None) -> Sender:
        ways = [
            each and Way(SmtpChannel(profile_for(each), PATIENT), Pace(None))
            for each in (server, spare)
        ]
        return Sender(*ways, (), FakeContents(), store, clock, threading.Event())

    return make


def ids(server: SmtpServer) -> list[str]:
    told = [str(received.message["Message-ID"]) for received in server.messages]
    return [each.strip("<>").partition("@")[0] for each in told]


def waits(mails: list[Mail]) -> list[timedelta]:
    return [mail.ended_at - mail.created_at for mail in mails]


FAULTS = {
    "busy": Faults(replies={"connect": "421 4.3.2 come back later"}),
    "full": Faults(replies={"message": "452 4.3.1 no room"}),
}


@pytest.mark.parametrize("how", ["gone", *FAULTS])
def test_all_that_became_due_in_an_hour_without_the_server_arrives_once(
    how, server, make, live_through
):
    leave = server.stop if how == "gone" else lambda: setattr(server, "faults", FAULTS[how])
    come_back = server.start if how == "gone" else lambda: setattr(server, "faults", Faults())

    mails = live_through(make(server), leave, come_back)

    assert {mail.state for mail in mails} == {MailState.DELIVERED}
    assert sorted(ids(server)) == sorted(mail.id for mail in mails)
    assert len(mails) == BACK // EVERY
    assert max(waits(mails)) <= 2 * (BACK - AWAY)
    assert max(mail.attempts for mail in mails) == 9
    assert max(len(mail.log) for mail in mails) == 9


def test_another_server_stands_in_for_it_within_a_minute(server, make, live_through):
    with SmtpServer() as spare:
        mails = live_through(make(server, spare), server.stop, server.start)

        assert {mail.state for mail in mails} == {MailState.DELIVERED}
        assert sorted(ids(server) + ids(spare)) == sorted(mail.id for mail in mails)
        assert len(spare.messages) == (BACK - AWAY) // EVERY
    assert max(waits(mails)) <= timedelta(minutes=1)
