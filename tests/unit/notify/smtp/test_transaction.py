"""Against a real server, in all three securities and with each of its faults."""

import socket

import pytest

from botsched.errors import DeliveryError
from botsched.notify.delivery import Delivery
from botsched.notify.smtp.session import Patience
from botsched.notify.smtp.transaction import deliver
from botsched.reports import Image, to_data
from botsched.settings.model import Security, SmtpProfile
from tests.support.profiles import LOGIN, PATIENT, profile_for
from tests.support.smtpserver import Faults, SmtpServer
from tests.support.waiting import PATIENCE


def failed(message, profile, timeout=PATIENCE) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        deliver(message, profile, patience=Patience(timeout, timeout))
    assert LOGIN[1] not in repr(caught.value)
    return caught.value


@pytest.mark.parametrize("security", list(Security))
def test_a_mail_arrives_whole_with_login_in_every_security(security, message, monkeypatch):
    with SmtpServer(security.value, login=LOGIN) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        delivery = deliver(message, profile_for(server), patience=PATIENT)
        received = server.wait_for(1)[0]
    assert delivery == Delivery(("ann@example.org", "bob@example.org"), words="250 2.0.0 accepted")
    assert received.sender == "bots@example.org"
    assert received.recipients == ("ann@example.org", "bob@example.org")
    assert received.message.get_content() == "It works.\n"
    assert received.is_encrypted is (security is not Security.UNENCRYPTED)
    assert received.user == "bot"


@pytest.mark.parametrize("security", [Security.SSL, Security.STARTTLS])
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(security, message, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with SmtpServer(security.value, login=LOGIN) as server:
        error = failed(message, profile_for(server))
        assert "its certificate is not trusted (self-signed certificate" in str(error)
        assert "SSL_CERT_FILE" in str(error)
        assert not error.permanent
        assert server.messages == []


def test_a_certificate_for_another_name_is_not_trusted(message, monkeypatch):
    with SmtpServer("ssl", certificate_host="other.example") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        error = failed(message, profile_for(server))
    assert "its certificate is not trusted (Hostname mismatch" in str(error)
    assert "'localhost'" in str(error)


def test_without_starttls_nothing_goes_out_in_clear(message, server):
    error = failed(message, profile_for(server, security=Security.STARTTLS, user="bot"))
    assert "does not offer STARTTLS" in str(error)
    assert not error.permanent
    assert server.messages == []


def test_a_wrong_password_is_named_but_not_shown_and_may_be_mended(message):
    with SmtpServer(login=("bot", "other")) as server:
        error = failed(message, profile_for(server, password=LOGIN[1]))
    assert "it refused the login as 'bot' (535" in str(error)
    assert not error.permanent


def test_words_of_all_scripts_may_be_passwords(message):
    with SmtpServer(login=("bot", "pässwörd")) as server:
        deliver(message, profile_for(server), patience=PATIENT)
        assert server.wait_for(1)[0].user == "bot"
        error = failed(message, profile_for(server, password="fälsch"))
    assert "it refused the login" in str(error)
    assert "fälsch" not in repr(error)


def test_a_login_that_is_not_offered_is_named(message, server):
    error = failed(message, profile_for(server, user="bot", password=LOGIN[1]))
    assert "it offers no login, but the profile has a 'user'" in str(error)


@pytest.mark.parametrize("hostname", ["no-such-host.invalid", "a..b", "x" * 70 + ".example.org"])
def test_a_name_that_cannot_be_resolved_is_named(hostname, message, server):
    error = failed(message, profile_for(server, hostname=hostname))
    assert f"Mail server {hostname}:{server.port} (profile 'ops'): its name cannot" in str(error)
    assert not error.permanent


def test_a_refused_connection_is_named(message, server):
    server.stop()
    error = failed(message, profile_for(server))
    assert "it refuses connections; check 'hostname' and 'port'" in str(error)
    assert not error.permanent
    server.start()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("connect", "it turned us away ({})"),
        ("helo", "it refused to serve us ({})"),
        ("mail", "it refused the sender 'Bots <bots@example.org>' ({})"),
        ("rcpt", "it refused every recipient (ann@example.org: {}; bob@example.org: {})"),
        ("data", "it refused the mail ({})"),
        ("message", "it refused the mail ({})"),
    ],
)
@pytest.mark.parametrize("reply", ["450 4.3.0 later", "554 5.7.1 never"])
def test_a_refusal_at_any_step_is_told_in_the_servers_words(step, words, reply, message, server):
    server.faults = Faults(replies={step: reply})
    error = failed(message, profile_for(server))
    assert words.format(reply, reply) in str(error)
    offered = step not in ("connect", "helo")
    assert error.permanent is (offered and reply.startswith("5"))
    assert server.messages == []


STEPS = {
    "connect": "the greeting",
    "helo": "EHLO",
    "mail": "MAIL FROM",
    "rcpt": "RCPT TO",
    "data": "DATA",
    "message": "the end of the text",
}


@pytest.mark.parametrize("step", STEPS)
def test_a_line_dropped_at_any_step_is_temporary(step, message, server):
    server.faults = Faults(drop=step)
    error = failed(message, profile_for(server))
    assert f"it closed the connection at {STEPS[step]}" in str(error)
    assert not error.permanent
    assert error.uncertain is (step == "message")


@pytest.mark.parametrize("step", STEPS)
def test_a_server_that_hangs_at_any_step_is_given_up(step, message, server):
    server.faults = Faults(hang=step)
    error = failed(message, profile_for(server), timeout=0.2)
    assert f"it did not answer within 0.2 seconds at {STEPS[step]}" in str(error)
    assert not error.permanent
    assert error.uncertain is (step == "message")


@pytest.mark.parametrize("fault", [Faults(drop="quit"), Faults(replies={"quit": "500 what?"})])
def test_a_bad_farewell_does_not_undo_an_accepted_mail(fault, message, server):
    server.faults = fault
    assert deliver(message, profile_for(server), patience=PATIENT).accepted
    assert len(server.wait_for(1)) == 1


def test_a_server_that_hangs_after_the_farewell_does_not_undo_it(message, server, monkeypatch):
    monkeypatch.setattr("botsched.notify.smtp.session._FAREWELL_SECONDS", 0.1)
    server.faults = Faults(hang="quit")
    assert deliver(message, profile_for(server), patience=PATIENT).accepted


def test_a_slow_server_is_waited_for(message, server):
    server.faults = Faults(delay=0.05)
    assert deliver(message, profile_for(server), patience=PATIENT).accepted


def test_one_refused_recipient_does_not_keep_the_mail_from_the_others(message, server):
    server.faults = Faults(refused={"bob@example.org": "450 4.2.0 greylisted"})
    delivery = deliver(message, profile_for(server), patience=PATIENT)
    assert delivery.accepted == ("ann@example.org",)
    assert delivery.refused["bob@example.org"].reason == "450 4.2.0 greylisted"
    assert not delivery.refused["bob@example.org"].permanent
    server.faults = Faults()
    assert deliver(message, profile_for(server), recipients=["bob@example.org"], patience=PATIENT)
    assert server.wait_for(2)[1].recipients == ("bob@example.org",)


def test_when_all_are_refused_one_that_may_come_back_makes_it_temporary(message, server):
    server.faults = Faults(refused={"ann@example.org": "550 gone", "bob@example.org": "450 later"})
    assert not failed(message, profile_for(server)).permanent


def test_a_mail_that_is_too_big_is_said_to_be(message):
    message.set_content("x" * 70 + "\n" + "y" * 2000)
    with SmtpServer(size_limit=1000) as server:
        error = failed(message, profile_for(server))
    assert "the mail is too big (it has 2.3 kB, the server takes 1.0 kB at most)" in str(error)
    assert error.permanent


@pytest.mark.parametrize("greeting", ["SSH-2.0-OpenSSH_9.2", "HTTP/1.1 400 Bad Request"])
def test_a_server_of_another_kind_is_recognised(greeting, message, server):
    server.faults = Faults(greeting=greeting)
    error = failed(message, profile_for(server))
    assert f"it does not speak SMTP (it said '…{greeting[4:]}')" in str(error)


def test_a_server_without_tls_is_told_from_a_broken_one(message, server):
    error = failed(message, profile_for(server, security=Security.SSL))
    assert "it does not speak TLS from the first byte; perhaps set 'security = star" in str(error)


def test_silence_suggests_that_tls_is_expected(message):
    with SmtpServer("ssl") as server:
        profile = profile_for(server, security=Security.UNENCRYPTED)
        assert "set 'security = ssl'" in str(failed(message, profile, timeout=0.3))


def test_a_refused_starttls_is_told(message, monkeypatch):
    with SmtpServer("starttls") as server:
        server.faults = Faults(replies={"starttls": "454 4.7.0 no entropy"})
        assert "it refused STARTTLS (454 4.7.0 no entropy)" in str(
            failed(message, profile_for(server))
        )


def test_hosts_of_other_scripts_are_written_in_ascii(message, server):
    deliver(message, profile_for(server), recipients=["ann@bücher.example"], patience=PATIENT)
    assert server.wait_for(1)[0].recipients == ("ann@xn--bcher-kva.example",)


def test_names_of_other_scripts_need_a_server_that_takes_them(message, server):
    profile = profile_for(server, recipients=("jörg@example.org", "ann@example.org"))
    delivery = deliver(message, profile, patience=PATIENT)
    assert delivery.accepted == ("ann@example.org",)
    assert "SMTPUTF8" in delivery.refused["jörg@example.org"].reason
    with SmtpServer(smtputf8=True) as modern:
        assert not deliver(message, profile_for(modern, recipients=("jörg@x.org",))).refused
        assert modern.wait_for(1)[0].recipients == ("jörg@x.org",)


@pytest.mark.parametrize("address", ["", "ann", "ann@", "a b@c", "ann@x\r\nRCPT TO:<eve@x>"])
def test_what_is_no_address_is_refused_for_good(address, message, server):
    error = failed(message, profile_for(server, recipients=(address,)))
    assert "is not a mail address" in str(error)
    assert error.permanent


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_addresses_of_ipv6_may_stand_for_the_host(message):
    with socket.socket(socket.AF_INET6) as closed:
        closed.bind(("::1", 0))
        port = closed.getsockname()[1]
    profile = SmtpProfile("six", "::1", port, Security.UNENCRYPTED, "a@x.org", ("b@x.org",))
    assert "Mail server [::1]:" in str(failed(message, profile))


def test_a_built_mail_arrives_with_all_its_parts(mail, server):
    report = to_data((Image(b"\x89PNG\r\n.\r\n", alt="x"),))
    built = mail(job_name="Prüfung", report=report, output=".\n..\nFrom here\n" * 5000)
    deliver(built, profile_for(server), patience=PATIENT)
    received = server.wait_for(1)[0].message
    assert received["Subject"] == "[bots-scheduler] Prüfung: failed"
    parts = [part for part in received.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == [
        "text/plain",
        "text/html",
        "image/png",
        "text/plain",
    ]
    assert parts[2].get_content() == b"\x89PNG\r\n.\r\n"
    assert parts[3].get_content() == ".\n..\nFrom here\n" * 5000
