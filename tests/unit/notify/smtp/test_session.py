"""Connecting, TLS and login, and what is told when they fail."""

import base64
import hmac
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest

from botsched.settings.model import Security, SmtpProfile
from tests.support.certificates import server_context, write_self_signed
from tests.support.profiles import LOGIN, PATIENT, deliver, failed, profile_for
from tests.support.smtpserver import Faults, SmtpServer
from tests.support.waiting import PATIENCE


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


def test_a_refusal_counts_when_the_server_then_ends_the_session(message):
    with SmtpServer(login=LOGIN) as server:
        steps = []

        def noted(step: str) -> None:
            steps.append(step)
            if steps.count("auth") == 2:
                server.faults = Faults(drop="auth")

        server.on_step = noted
        server.faults = Faults(replies={"auth": "535 5.7.8 wrong, go away"})
        error = failed(message, profile_for(server))
    assert steps.count("auth") == 2
    assert "it refused the login as 'bot' (535 5.7.8 wrong, go away)" in str(error)


@pytest.mark.parametrize(
    "form",
    [LOGIN[1], base64.b64encode(LOGIN[1].encode()).decode(),
     base64.b64encode("\0".join(("", *LOGIN)).encode()).decode()],
)  # fmt: skip
@pytest.mark.parametrize("change", [str, str.upper])
def test_a_server_that_repeats_the_password_does_not_get_it_told(form, change, message):
    with SmtpServer(login=LOGIN) as server:
        server.faults = Faults(replies={"auth": f"500 what is AUTH {change(form)}?"})
        error = failed(message, profile_for(server))
    assert "(500 what is AUTH ***?)" in str(error)


def test_a_challenge_is_answered_as_it_is_though_the_password_be_in_it(message):
    challenge = b"<secret@example.org>"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        heard: list[bytes] = []
        answers = (
            b"250-hello\r\n250 AUTH CRAM-MD5\r\n",
            b"334 " + base64.b64encode(challenge) + b"\r\n",
            b"535 no\r\n",
        )
        server = threading.Thread(target=_answering, args=(listening, answers, heard))
        server.start()
        password = base64.b64encode(challenge)[3:6].decode()
        profile = SmtpProfile(
            *("ops", "localhost", listening.getsockname()[1], Security.UNENCRYPTED),
            *("bots@example.org", ("ann@example.org",), "bot", password),
        )
        failed(message, profile)
        server.join(PATIENCE)
    digest = hmac.new(password.encode(), challenge, "md5").hexdigest()
    assert base64.b64decode(heard[2]) == f"bot {digest}".encode()


def _answering(listening: socket.socket, answers: Iterable[bytes], heard: list[bytes]) -> None:
    connection, _ = listening.accept()
    connection.settimeout(PATIENCE)
    with connection, connection.makefile("rwb", buffering=0) as line:
        line.write(b"220 hello\r\n")
        for answer in answers:
            heard.append(line.readline())
            line.write(answer)


def test_ways_to_log_in_may_be_offered_in_small_letters(message):
    with SmtpServer(login=LOGIN) as server:
        hello = "250-hello\r\n250 AUTH scram-sha-256 login"
        server.faults = Faults(replies={"helo": hello, "auth": "535 no"})
        error = failed(message, profile_for(server))
    assert "it refused the login as 'bot' (535 no)" in str(error)


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


@pytest.mark.parametrize("fault", [Faults(drop="quit"), Faults(replies={"quit": "500 what?"})])
def test_a_bad_farewell_does_not_undo_an_accepted_mail(fault, message, server):
    server.faults = fault
    assert deliver(message, profile_for(server), patience=PATIENT).accepted
    assert len(server.wait_for(1)) == 1


def test_a_server_that_hangs_after_the_farewell_does_not_undo_it(message, server, monkeypatch):
    monkeypatch.setattr("botsched.notify.smtp.session._FAREWELL_SECONDS", 0.1)
    server.faults = Faults(hang="quit")
    assert deliver(message, profile_for(server), patience=PATIENT).accepted


@pytest.mark.parametrize("greeting", ["SSH-2.0-OpenSSH_9.2", "HTTP/1.1 400 Bad Request"])
def test_a_server_of_another_kind_is_recognised(greeting, message, server):
    server.faults = Faults(greeting=greeting)
    error = failed(message, profile_for(server))
    assert f"it does not speak SMTP (it said '…{greeting[4:]}')" in str(error)


@pytest.mark.parametrize("step", ["helo", "mail", "accepted"])
def test_an_answer_of_lines_without_end_is_not_kept(step, message, server, monkeypatch):
    monkeypatch.setattr("botsched.notify.smtp.connection._MOST_LINES", 100)
    server.faults = Faults(replies={step: "\r\n".join(["250-and so on"] * 101)})
    error = failed(message, profile_for(server))
    assert "Line too long" in str(error)
    assert (error.permanent, error.uncertain) == (False, step == "accepted")


def test_an_answer_that_drips_in_is_not_waited_for(message):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=_dripping, args=(listening,))
        server.start()
        port = listening.getsockname()[1]
        profile = SmtpProfile(
            "ops", "localhost", port, Security.UNENCRYPTED, "a@x.org", ("b@x.org",)
        )
        error = failed(message, profile, timeout=0.5)
        server.join(PATIENCE)
    assert "it did not answer within 0.5 seconds at the greeting" in str(error)


def _dripping(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection, suppress(OSError):
        for byte in b"220 " + b"." * 30:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)
        connection.sendall(b"\r\n")


def test_a_size_that_is_no_size_counts_for_nothing(message, server):
    server.faults = Faults(replies={"helo": f"250-hello\r\n250 SIZE {'9' * 5000}"})
    assert "send HELO first" in str(failed(message, profile_for(server)))


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


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_addresses_of_ipv6_may_stand_for_the_host(message):
    with socket.socket(socket.AF_INET6) as closed:
        closed.bind(("::1", 0))
        port = closed.getsockname()[1]
    profile = SmtpProfile("six", "::1", port, Security.UNENCRYPTED, "a@x.org", ("b@x.org",))
    assert "Mail server [::1]:" in str(failed(message, profile))


def test_the_cure_of_a_wrong_name_is_told(message, monkeypatch):
    with SmtpServer("starttls", certificate_host="other.example") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        assert "set 'hostname' to a name that it bears" in str(failed(message, profile_for(server)))


@pytest.mark.parametrize("security", [Security.SSL, Security.STARTTLS])
def test_a_certificate_need_not_be_good_when_it_is_not_to_be_verified(security, message):
    with SmtpServer(security.value, login=LOGIN, certificate_host="other.example") as server:
        deliver(message, profile_for(server, verify=False), patience=PATIENT)
        assert server.messages[0].is_encrypted


def test_a_login_that_cannot_be_checked_for_now_is_not_called_wrong(message):
    with SmtpServer(login=LOGIN) as server:
        server.faults = Faults(replies={"auth": "454 4.7.0 temporary failure"})
        error = failed(message, profile_for(server))
    assert "it cannot check the login as 'bot' for now (454 4.7.0 temporary failure)." in str(error)


def test_a_login_that_needs_encryption_first_is_told(message):
    with SmtpServer("starttls", login=LOGIN) as server:
        error = failed(message, profile_for(server, security=Security.UNENCRYPTED))
    assert "command first); set 'security = starttls' or 'ssl'." in str(error)


def test_what_is_said_before_tls_counts_for_nothing_after_it(message, monkeypatch, tmp_path):
    """Somebody on the line adds answers of his own behind that to STARTTLS."""
    certificate = write_self_signed(tmp_path / "server.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        heard: list[bytes] = []
        server = threading.Thread(target=_meddled, args=(listening, certificate, heard))
        server.start()
        profile = SmtpProfile(
            *("ops", "localhost", listening.getsockname()[1], Security.STARTTLS),
            *("bots@example.org", ("ann@example.org",), *LOGIN),
        )
        error = failed(message, profile)
        server.join(PATIENCE)
    assert "it offers no login" in str(error)
    assert not any(LOGIN[1].encode() in line or b"AUTH" in line for line in heard)


def _meddled(listening: socket.socket, certificate: Path, heard: list[bytes]) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.settimeout(PATIENCE)
        connection.sendall(b"220 hello\r\n")
        connection.recv(1000)
        connection.sendall(b"250-hello\r\n250 STARTTLS\r\n")
        connection.recv(1000)
        connection.sendall(b"220 go on\r\n250-hello\r\n250 AUTH PLAIN LOGIN\r\n")
        with server_context(certificate).wrap_socket(connection, server_side=True) as line:
            heard.append(line.recv(1000))
            line.sendall(b"250 hello\r\n")
            heard.append(line.recv(1000))
