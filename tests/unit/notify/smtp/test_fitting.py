"""What goes out of mails that are too big."""

from email.message import EmailMessage

import pytest

from botsched.errors import DeliveryError
from botsched.notify.smtp.fitting import send_fitting
from botsched.notify.smtp.session import session
from botsched.notify.smtp.transaction import Transaction
from tests.support.profiles import PATIENT, profile_for
from tests.support.smtpserver import Faults, SmtpServer


@pytest.fixture
def big(message) -> EmailMessage:
    """A mail of a text, a page of 20 kB, and an attachment of 50 kB."""
    message.add_alternative("<p>It works.</p>" + "<br>" * 5_000, subtype="html")
    message.add_attachment(b"x" * 50_000, "application", "gzip", filename="output.txt.gz")
    return message


def send(server: SmtpServer, message: EmailMessage) -> str:
    profile = profile_for(server)
    with session(profile, PATIENT) as smtp:
        transaction = Transaction(smtp, profile, PATIENT)
        return send_fitting(transaction, message, profile.recipients).words


def kinds(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk() if not part.is_multipart()]


def test_what_fits_goes_out_whole(big, server):
    assert send(server, big) == "250 2.0.0 accepted"
    assert kinds(server.messages[0].message) == ["text/plain", "text/html", "application/gzip"]


def test_attachments_are_left_out_first(big):
    with SmtpServer(size_limit=40_000) as server:
        words = send(server, big)
    received = server.messages[0].message
    assert words == "250 2.0.0 accepted (too big: attachments left out)"
    assert kinds(received) == ["text/plain", "text/html", "text/plain"]
    assert "Left out: the attachments." in list(received.iter_parts())[1].get_content()
    assert received["Subject"] == "Hello"
    assert len(list(big.iter_attachments())) == 1


def test_then_all_but_the_text(big):
    with SmtpServer(size_limit=2_000) as server:
        words = send(server, big)
    received = server.messages[0].message
    assert words == "250 2.0.0 accepted (too big: all but the text left out)"
    assert kinds(received) == ["text/plain"]
    assert received.get_content().startswith("It works.\n")
    assert "Left out: all but this text." in received.get_content()
    assert received["To"] == big["To"]


def test_a_server_that_says_so_only_when_it_has_the_mail_gets_less_as_well(big, server):
    seen = []

    def refuse_twice(step: str) -> None:
        seen.append(step)
        is_too_big = seen.count("message") < 3
        server.faults = Faults(replies={"message": "552 5.3.4 too big"} if is_too_big else {})

    server.on_step = refuse_twice
    assert send(server, big) == "250 2.0.0 accepted (too big: all but the text left out)"
    assert len(server.messages) == 1


def test_what_does_not_fit_at_all_is_refused_for_good(big):
    with SmtpServer(size_limit=100) as server, pytest.raises(DeliveryError) as caught:
        send(server, big)
    assert "kB, the server takes 100 bytes at most)" in str(caught.value)
    assert caught.value.permanent
