"""A test mail, and what is told of it."""

import pytest

from botsched.errors import DeliveryError
from botsched.notify.smtp.probe import send_test
from tests.support.profiles import LOGIN, PATIENT, profile_for
from tests.support.smtpserver import Faults, SmtpServer


def test_a_test_mail_says_how_it_went(server):
    sentence = send_test(profile_for(server), "eve@example.org", patience=PATIENT)
    assert sentence == (
        "Profile 'ops': a test mail for eve@example.org was accepted by"
        f" localhost:{server.port} (unencrypted, without login), in the words '250 2.0.0 accepted'."
    )
    received = server.wait_for(1)[0]
    assert received.recipients == ("eve@example.org",)
    assert received.message["Subject"] == "[bots-scheduler] Test mail"
    assert "profile 'ops'" in received.message.get_content()


def test_a_test_mail_that_is_refused_says_why(server):
    server.faults = Faults(replies={"rcpt": "550 5.1.1 no such user"})
    with pytest.raises(DeliveryError, match=r"eve@example.org: 550 5.1.1 no such user"):
        send_test(profile_for(server), "eve@example.org", patience=PATIENT)


def test_the_size_that_a_server_takes_is_told():
    with SmtpServer(size_limit=5_000_000) as server:
        sentence = send_test(profile_for(server), "eve@example.org", PATIENT)
    assert sentence.endswith("'250 2.0.0 accepted'. It takes mails of up to 5.0 MB.")


def test_what_is_encrypted_and_who_logs_in_is_told(monkeypatch):
    with SmtpServer("starttls", login=LOGIN) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        sentence = send_test(profile_for(server), "eve@example.org", PATIENT)
    assert f"localhost:{server.port} (starttls, TLSv1.3, logged in as bot)" in sentence


def test_a_certificate_that_is_not_verified_is_told_of():
    with SmtpServer("ssl") as server:
        sentence = send_test(profile_for(server, verify=False), "eve@example.org", PATIENT)
    assert "(ssl, TLSv1.3, certificate NOT verified, without login)" in sentence
