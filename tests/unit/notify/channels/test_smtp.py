"""A session used for mail after mail, with servers that end it and with refusals between."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest

from botsched.errors import DeliveryError
from botsched.notify.channels.smtp import SmtpChannel, SmtpLine
from botsched.settings.model import Security, SmtpProfile
from tests.support.profiles import LOGIN, PATIENT, profile_for
from tests.support.smtpserver import Faults, SmtpServer


class Told:
    """A notice with one line of text."""

    def __init__(self, subject: str, to: tuple[str, ...] | None = None) -> None:
        self.id = subject
        self.to = to
        self.subject = subject

    def email(self, profile: SmtpProfile) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = self.subject
        message["To"] = ", ".join(profile.recipients)
        message.set_content("It works.\n")
        return message


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@contextmanager
def line_to(server: SmtpServer) -> Iterator[SmtpLine]:
    with SmtpChannel(profile_for(server), PATIENT).open() as line:
        yield line


def subjects(server: SmtpServer) -> list[str]:
    return [received.message["Subject"] for received in server.messages]


def test_a_channel_has_the_limits_of_its_profile(server):
    channel = SmtpChannel(profile_for(server, fallback="spare", per_minute=60, per_connection=20))
    assert (channel.name, channel.fallback) == ("ops", "spare")
    assert (channel.per_minute, channel.per_connection) == (60, 20)


@pytest.mark.parametrize("security", list(Security))
def test_a_session_serves_for_several_mails(security, monkeypatch):
    with SmtpServer(security.value, login=LOGIN) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        with line_to(server) as line:
            for subject in ("one", "two", "three"):
                assert line.send(Told(subject), ()).words == "250 2.0.0 accepted"
        assert subjects(server) == ["one", "two", "three"]
        assert server.sessions == 1


def test_a_mail_goes_to_whom_it_is_for(server):
    with line_to(server) as line:
        line.send(Told("all"), ())
        line.send(Told("some", ("eve@example.org", "joe@example.org")), ())
        line.send(Told("again", ("eve@example.org", "joe@example.org")), ["joe@example.org"])
    told = [received.recipients for received in server.messages]
    assert told[0] == ("ann@example.org", "bob@example.org")
    assert told[1] == ("eve@example.org", "joe@example.org")
    assert told[2] == ("joe@example.org",)
    assert server.messages[2].message["To"] == "eve@example.org, joe@example.org"


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "message"])
@pytest.mark.parametrize("reply", ["450 4.3.0 later", "554 5.7.1 never"])
def test_a_refused_mail_leaves_nothing_to_the_next(step, reply, server):
    with line_to(server) as line:
        server.faults = Faults(replies={step: reply})
        with pytest.raises(DeliveryError, match=reply):
            line.send(Told("refused", ("eve@example.org",)), ())
        server.faults = Faults()
        line.send(Told("next"), ())
    assert subjects(server) == ["next"]
    assert server.messages[0].recipients == ("ann@example.org", "bob@example.org")
    assert server.sessions == 1


STEPS = ["rset", "mail", "rcpt", "data"]


def end_sessions_at(server: SmtpServer, step: str, session: int = 1) -> None:
    """Have the server close its first sessions at a step, once they were used."""

    def look(now: str) -> None:
        is_due = server.messages and server.sessions <= session and now == step
        server.faults = Faults(drop=step) if is_due else Faults()

    server.on_step = look


@pytest.mark.parametrize("step", STEPS)
def test_a_session_that_the_server_ends_between_mails_costs_none(step, server):
    with line_to(server) as line:
        line.send(Told("one"), ())
        end_sessions_at(server, step)
        line.send(Told("two"), ())
        line.send(Told("three"), ())
    assert subjects(server) == ["one", "two", "three"]
    assert server.sessions == 2


def test_a_session_that_breaks_while_the_text_is_awaited_is_not_taken_for_an_idle_one(server):
    with line_to(server) as line:
        line.send(Told("one"), ())
        server.faults = Faults(drop="accepted")
        with pytest.raises(DeliveryError) as caught:
            line.send(Told("two"), ())
        assert caught.value.uncertain
        assert "may have accepted it" in str(caught.value)
        server.faults = Faults()
        line.send(Told("three"), ())
    assert subjects(server) == ["one", "two", "three"]


def test_a_server_that_takes_some_mails_a_session_has_the_others_in_new_ones(server):
    server.faults = Faults(most=2)
    with line_to(server) as line:
        for number in range(5):
            line.send(Told(str(number)), ())
    assert subjects(server) == ["0", "1", "2", "3", "4"]
    assert server.sessions == 3


def test_a_new_session_is_sought_once_for_a_mail(server):
    with line_to(server) as line:
        line.send(Told("one"), ())
        end_sessions_at(server, "mail", session=9)
        with pytest.raises(DeliveryError, match="it closed the connection at MAIL FROM"):
            line.send(Told("two"), ())
        assert server.sessions == 2


def test_a_server_that_is_gone_meanwhile_is_told(server):
    with line_to(server) as line:
        line.send(Told("one"), ())
        server.stop()
        with pytest.raises(DeliveryError, match="it refuses connections") as caught:
            line.send(Told("two"), ())
        assert not caught.value.permanent
        server.start()
        line.send(Told("two"), ())
    assert subjects(server) == ["one", "two"]


def test_a_server_that_hangs_in_a_used_session_is_tried_in_a_new_one(server):
    with line_to(server) as line:
        line.send(Told("one"), ())
        line._transaction.smtp.sock.settimeout(0.1)
        server.on_step = lambda step: setattr(
            server, "faults", Faults(hang="mail") if server.sessions == 1 else Faults()
        )
        line.send(Told("two"), ())
    assert subjects(server) == ["one", "two"]


def test_a_server_that_refuses_reset_is_told(server):
    with line_to(server) as line:
        line.send(Told("one"), ())
        server.faults = Faults(replies={"rset": "502 5.5.1 unknown"})
        with pytest.raises(DeliveryError, match=r"it refused RSET \(502 5.5.1 unknown\)"):
            line.send(Told("two"), ())
