"""Each step of a session with each fault, in each security, with a login.

Whatever happens, the mail is neither lost nor given up without the server's word; when the fault
has passed, it is accepted. It is doubled only where the server kept it and could not say so.
"""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from botsched.errors import DeliveryError
from botsched.notify.smtp.session import Patience
from botsched.settings.model import Security
from tests.support.profiles import LOGIN, PATIENT, deliver, profile_for
from tests.support.smtpserver import Faults, SmtpServer
from tests.support.waiting import PATIENCE, until

OFFERED = ["mail", "rcpt", "data", "message"]
"""Steps at which the server's word is about the mail."""

AFTER_THE_TEXT = ["message", "accepted"]

STEPS = ["connect", "helo", "starttls", "auth", *OFFERED, "accepted"]

TEMPORARY = "450 4.3.0 later"
PERMANENT = "554 5.7.1 never"


@pytest.fixture(scope="module", params=list(Security))
def server(request) -> Iterator[SmtpServer]:
    with SmtpServer(request.param.value, login=LOGIN) as server, pytest.MonkeyPatch.context() as m:
        m.setenv("SSL_CERT_FILE", str(server.certificate))
        yield server


@pytest.fixture(autouse=True)
def anew(server):
    server.faults = Faults()
    server.messages.clear()


def fails(server: SmtpServer, faults: Faults, message: EmailMessage, patience=PATIENT):
    server.faults = faults
    with pytest.raises(DeliveryError) as caught:
        deliver(message, profile_for(server), patience=patience)
    assert LOGIN[1] not in repr(caught.value)
    return caught.value


def arrives_once_the_fault_has_passed(server: SmtpServer, message: EmailMessage, before=0) -> bool:
    assert len(server.messages) == before
    server.faults = Faults()
    delivery = deliver(message, profile_for(server), patience=PATIENT)
    assert all(received.user == LOGIN[0] for received in server.messages)
    is_encrypted = server.security != "unencrypted"
    assert all(received.is_encrypted is is_encrypted for received in server.messages)
    return len(delivery.accepted) == 2 and len(server.messages) == before + 1


def steps(server: SmtpServer, among: list[str] = STEPS) -> list[str]:
    return [step for step in among if step != "starttls" or server.security == "starttls"]


def test_a_refusal_for_now(server, message):
    for step in steps(server, STEPS[:-1]):
        error = fails(server, Faults(replies={step: TEMPORARY}), message)
        assert TEMPORARY in str(error), step
        assert (error.permanent, error.uncertain) == (False, False), step
        assert arrives_once_the_fault_has_passed(server, message), step
        server.messages.clear()


def test_a_refusal_for_good(server, message):
    for step in steps(server, STEPS[:-1]):
        error = fails(server, Faults(replies={step: PERMANENT}), message)
        assert PERMANENT in str(error), step
        assert (error.permanent, error.uncertain) == (step in OFFERED, False), step
        assert set(error.refused.values()) == ({True} if step == "rcpt" else set()), step
        assert server.messages == []


def test_a_session_that_is_ended_by_the_server(server, message):
    for step in steps(server, ["helo", "starttls", "auth", *OFFERED]):
        error = fails(server, Faults(replies={step: "421 4.3.2 shutting down"}), message)
        assert "421 4.3.2 shutting down" in str(error), step
        assert (error.permanent, error.uncertain) == (False, False), step
        assert arrives_once_the_fault_has_passed(server, message), step
        server.messages.clear()


def test_a_line_that_is_dropped(server, message):
    for step in steps(server):
        error = fails(server, Faults(drop=step), message)
        assert "it closed the connection" in str(error), step
        assert (error.permanent, error.uncertain) == (False, step in AFTER_THE_TEXT), step
        assert arrives_once_the_fault_has_passed(server, message, before=step == "accepted"), step
        server.messages.clear()


def test_a_server_that_hangs(server, message):
    for step in steps(server):
        sent = step in AFTER_THE_TEXT
        patience = Patience(PATIENCE, 0.1) if sent else Patience(0.1, PATIENCE)
        server.hung.clear()
        error = fails(server, Faults(hang=step), message, patience)
        if sent:  # the server has all it needs, but perhaps not yet looked at it
            until(lambda: server.hung, "the server hangs")
        assert "within 0.1 seconds" in str(error), step
        assert (error.permanent, error.uncertain) == (False, sent), step
        assert arrives_once_the_fault_has_passed(server, message, before=step == "accepted"), step
        server.messages.clear()


def test_an_answer_that_is_not_smtp(server, message):
    for step in steps(server, ["helo", "starttls", "auth", *OFFERED, "accepted"]):
        error = fails(server, Faults(replies={step: "what? I do not understand"}), message)
        assert "I do not understand" in str(error), step
        assert (error.permanent, error.uncertain) == (False, step in AFTER_THE_TEXT), step
        assert arrives_once_the_fault_has_passed(server, message, before=step == "accepted"), step
        server.messages.clear()


def test_an_answer_without_end(server, message):
    for step in steps(server, ["helo", "starttls", "auth", *OFFERED, "accepted"]):
        error = fails(server, Faults(replies={step: "250-" + "x" * 9_000}), message)
        assert (error.permanent, error.uncertain) == (False, step in AFTER_THE_TEXT), step
        assert len(str(error)) < 1_000
        server.messages.clear()


def test_a_server_that_is_slow_at_every_step(server, message):
    server.faults = Faults(delay=0.02)
    assert len(deliver(message, profile_for(server), patience=PATIENT).accepted) == 2


@pytest.mark.parametrize("reply", ["450 4.2.0 greylisted", "552 5.2.2 mailbox full"])
def test_a_recipient_who_is_refused_for_now_is_named_and_costs_the_others_nothing(
    reply, server, message
):
    server.faults = Faults(refused={"bob@example.org": reply})
    delivery = deliver(message, profile_for(server), patience=PATIENT)
    assert delivery.accepted == ("ann@example.org",)
    assert not delivery.refused["bob@example.org"].permanent
    server.faults = Faults()
    later = deliver(message, profile_for(server), recipients=["bob@example.org"], patience=PATIENT)
    assert later.accepted == ("bob@example.org",)
    told = [address for received in server.messages for address in received.recipients]
    assert told == ["ann@example.org", "bob@example.org"]


def test_a_recipient_who_is_refused_for_good_costs_the_others_nothing(server, message):
    server.faults = Faults(refused={"ann@example.org": "550 5.1.1 no such user"})
    delivery = deliver(message, profile_for(server), patience=PATIENT)
    assert delivery.accepted == ("bob@example.org",)
    assert delivery.refused["ann@example.org"].permanent
    assert delivery.refused["ann@example.org"].reason == "550 5.1.1 no such user"
