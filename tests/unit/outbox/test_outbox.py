"""Owed mails, tried until they are accepted, refused for good, or too old."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from botsched.domain import mailforms
from botsched.domain.execution import Cause, OutputChunk, State
from botsched.domain.job import JobPolicy, Policy
from botsched.domain.outbox import Mail, MailState
from botsched.errors import StoreUnavailableError
from botsched.execution.recording import record_end
from botsched.execution.run import End
from botsched.notify.channels.smtp import SmtpChannel
from botsched.notify.letter import Letterhead
from botsched.outbox import outcomes, sender
from botsched.outbox.contents import Contents
from botsched.outbox.outbox import Outbox
from botsched.settings.model import MailSettings, Security, SmtpProfile
from tests.support.smtpserver import Faults, SmtpServer
from tests.support.values import DEFAULTS, NOW, a_job, an_execution
from tests.support.waiting import until


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def a_profile(port: int, name: str = "ops", *recipients: str) -> SmtpProfile:
    to = recipients or ("ann@example.org",)
    return SmtpProfile(name, "localhost", port, Security.UNENCRYPTED, "bots@example.org", to)


@pytest.fixture
def make(store, clock, monkeypatch) -> Iterator[Callable[..., Outbox]]:
    """Make and start an outbox that looks often."""
    monkeypatch.setattr(sender, "LOOK_SECONDS", 0.02)
    made: list[Outbox] = []

    def make(
        *profiles: SmtpProfile, fallbacks=(), title=lambda job_class: f"Report of {job_class}"
    ) -> Outbox:
        settings = MailSettings(profiles, fallbacks=fallbacks)
        channels = {each.name: SmtpChannel(each) for each in profiles + fallbacks}
        letterhead = Letterhead(ZoneInfo("Europe/Paris"), "https://bots.example.org")
        contents = Contents(letterhead, title, {})
        outbox = Outbox(settings, channels, contents, store, clock)
        outbox.start()
        made.append(outbox)
        return outbox

    yield make
    for outbox in made:
        outbox.close()


def through(*profiles: str) -> Policy:
    return replace(DEFAULTS, profiles=profiles)


@pytest.fixture
def owe(store, clock) -> Callable[..., str]:
    """End an execution so that mails about it are owed; gives its id."""

    def owe(*profiles: str, reason: str = "It failed.") -> str:
        execution = an_execution(state=State.RUNNING, started_at=NOW)
        chunks = [OutputChunk(1, "out", NOW, "one\n"), OutputChunk(2, "err", NOW, "two\n")]
        end = End(State.FAILED, Cause.RAISED, reason, {"output_bytes": 8}, chunks)

        def operation(session) -> None:
            session.executions.add([execution])
            record_end(session, execution, end, clock.now, through(*profiles or ("ops",)))

        store.write(operation)
        return execution.id

    return owe


def test_an_owed_mail_is_delivered_with_all_it_tells(server, make, owe, after, clock) -> None:
    execution_id = owe()

    make(a_profile(server.port))

    (received,) = server.wait_for(1)
    assert received.recipients == ("ann@example.org",)
    assert received.message["Subject"] == "[bots-scheduler] backup: failed"
    text = received.message.get_body(("plain",)).get_content()
    for words in ("It failed.", "one\n    two", f"executions/{execution_id}\n"):
        assert words in text
    mail = after(execution_id, 1)
    assert (mail.state, mail.attempts, mail.next_attempt_at) == (MailState.DELIVERED, 1, None)
    assert (mail.ended_at, mail.last_error) == (clock.now, None)


def test_while_the_server_is_away_it_is_tried_more_and_more_rarely(
    server, make, owe, after, mails, clock
) -> None:
    server.stop()
    execution_id = owe()
    make(a_profile(server.port))

    waits = []
    for attempt in (1, 2, 3):
        mail = after(execution_id, attempt)
        assert mail.state is MailState.DEFERRED
        assert "it refuses connections" in mail.last_error
        waits.append((mail.next_attempt_at - clock.now).total_seconds())
        clock.move(seconds=waits[-1] - 0.001)
        time.sleep(0.1)  # several looks, none of which may try
        assert mails(execution_id)[0].attempts == attempt
        if attempt == 3:
            server.start()
        clock.move(seconds=0.001)

    assert waits == [15, 30, 60]
    assert after(execution_id, 4).state is MailState.DELIVERED
    assert len(server.messages) == 1


def test_a_refusal_for_good_is_the_end_of_it(server, make, owe, after, clock) -> None:
    server.faults = Faults(replies={"message": "554 5.7.1 spam"})
    execution_id = owe()

    make(a_profile(server.port))

    mail = after(execution_id, 1)
    assert (mail.state, mail.next_attempt_at, mail.ended_at) == (MailState.DEAD, None, clock.now)
    assert "554 5.7.1 spam" in mail.last_error


def test_only_those_who_were_put_off_are_tried_again(server, make, owe, after, clock) -> None:
    refused = {"later@example.org": "451 4.3.0 later", "never@example.org": "550 5.1.1 unknown"}
    server.faults = Faults(refused=refused)
    execution_id = owe()
    people = ("ann@example.org", *refused)

    make(a_profile(server.port, "ops", *people))

    mail = after(execution_id, 1)
    assert (mail.state, mail.recipients) == (MailState.DEFERRED, ["later@example.org"])
    assert "451 4.3.0 later" in mail.last_error
    assert "550 5.1.1 unknown" in mail.last_error
    server.faults = Faults()
    clock.move(seconds=15)
    assert after(execution_id, 2).state is MailState.DELIVERED
    assert [received.recipients for received in server.messages] == [
        *(("ann@example.org",), ("later@example.org",)),
    ]


def test_a_mail_is_given_up_after_five_days(server, make, owe, after, clock, monkeypatch) -> None:
    monkeypatch.setattr(outcomes, "LEAST_ATTEMPTS", 3)
    server.stop()
    execution_id = owe()
    make(a_profile(server.port))
    after(execution_id, 1)

    clock.move(days=5)
    assert after(execution_id, 2).state is MailState.DEFERRED
    clock.move(minutes=1)

    mail = after(execution_id, 3)
    assert (mail.state, mail.next_attempt_at) == (MailState.DEAD, None)
    assert mail.last_error.startswith("Given up after 5 days. Mail server localhost")


def test_what_is_owed_survives_a_restart(server, store, make, owe, after, clock, tmp_path) -> None:
    server.stop()
    execution_id = owe()
    make(a_profile(server.port)).close()
    before = make(a_profile(server.port))
    assert after(execution_id, 1).state is MailState.DEFERRED
    before.close()
    server.start()
    clock.move(hours=1)

    make(a_profile(server.port))

    assert after(execution_id, 2).state is MailState.DELIVERED
    assert len(server.messages) == 1


def test_one_slow_server_holds_up_nobody_else(server, make, owe) -> None:
    with SmtpServer() as slow:
        slow.faults = Faults(hang="mail")
        owe("slow", "ops")

        outbox = make(a_profile(slow.port, "slow"), a_profile(server.port, "ops"))

        server.wait_for(1)
        assert slow.messages == []
        begun = time.monotonic()
        outbox.close(0.1)
        assert time.monotonic() - begun < 10


def test_a_mail_of_a_profile_that_is_gone_waits(server, make, owe, mails) -> None:
    gone, there = owe("gone"), owe("ops")

    make(a_profile(server.port))

    server.wait_for(1)
    until(lambda: mails(there)[0].state is MailState.DELIVERED, "the other one")
    assert mails(gone)[0].attempts == 0


def test_a_mail_that_cannot_be_made_holds_up_no_other(server, make, owe, after, clock) -> None:
    def title(_job_class: str) -> str:
        if clock.now == NOW:
            raise RuntimeError("quite unexpected")
        return "fine"

    bad = owe()

    make(a_profile(server.port), title=title)

    mail = after(bad, 1)
    assert mail.state is MailState.DEFERRED
    assert "RuntimeError: quite unexpected" in mail.last_error
    clock.move(seconds=15)
    assert after(bad, 2).state is MailState.DELIVERED


def test_a_mail_about_nothing_is_dead(store, server, make, after) -> None:
    mail = Mail("m1", "gone", "ops", MailState.QUEUED, 0, NOW, NOW)
    store.write(lambda session: session.outbox.add([mail]))

    make(a_profile(server.port))

    assert after("gone", 1).state is MailState.DEAD


def test_the_outbox_goes_on_after_an_error_of_the_database(
    store, server, make, owe, monkeypatch
) -> None:
    read, failures = store.read, []

    def fail_once(operation):
        if not failures:
            failures.append(1)
            raise StoreUnavailableError("The database is away.")
        return read(operation)

    owe()
    monkeypatch.setattr(store, "read", fail_once)

    make(a_profile(server.port))

    server.wait_for(1)
    assert failures


@pytest.mark.parametrize(("state", "owed"), [(State.SUCCEEDED, 0), (State.FAILED, 2)])
def test_mails_are_owed_in_the_transaction_of_the_end(store, state, owed) -> None:
    execution = an_execution(state=State.RUNNING)
    store.write(lambda session: session.executions.add([execution]))
    end = End(state, Cause.RETURNED, "")

    def then_fail(session) -> None:
        record_end(session, execution, end, NOW, through("ops", "dev"))
        raise ValueError("no good")

    with pytest.raises(ValueError, match="no good"):
        store.write(then_fail)
    of_it = store.read(lambda s: s.outbox.of_execution(execution.id))
    assert (of_it, store.read(lambda s: s.executions.get(execution.id))) == ([], execution)

    for _ in range(2):  # an end is recorded once, whoever tells it again
        store.write(lambda s: record_end(s, execution, end, NOW, through("ops", "dev")))

    of_it = store.read(lambda s: s.outbox.of_execution(execution.id))
    assert len(of_it) == owed
    assert {(mail.state, mail.attempts, mail.next_attempt_at) for mail in of_it} <= {
        (MailState.QUEUED, 0, NOW)
    }


def test_a_mail_to_others_than_those_of_its_profile_reaches_them(
    server, store, make, clock, mails
) -> None:
    execution = an_execution(state=State.RUNNING, job_id="j")
    rules = mailforms.KIND.read([{"on": ["failure"], "to": ["Eve <eve@example.org>"]}])
    job = a_job(id="j", policy=JobPolicy(mail=rules))
    store.write(lambda session: session.jobs.add(job))
    store.write(lambda session: session.executions.add([execution]))
    end = End(State.FAILED, Cause.RAISED, "It failed.")
    store.write(lambda s: record_end(s, execution, end, clock.now, through("ops")))

    make(a_profile(server.port))

    (received,) = server.wait_for(1)
    assert received.recipients == ("eve@example.org",)
    assert received.message["To"] == "Eve <eve@example.org>"
    until(lambda: mails(execution.id)[0].state is MailState.DELIVERED, "it is delivered")
    assert mails(execution.id)[0].to == ["Eve <eve@example.org>"]
