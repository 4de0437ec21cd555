"""Mails in all securities, whole, and what the server says of them."""

import smtplib
import socket
import threading

import pytest

from botsched.notify.delivery import Delivery
from botsched.reports import Image, to_data
from botsched.settings.model import Security, SmtpProfile
from tests.support.profiles import LOGIN, PATIENT, deliver, failed, profile_for
from tests.support.smtpserver import Faults, SmtpServer
from tests.support.waiting import PATIENCE


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


def test_when_all_are_refused_one_that_may_come_back_makes_it_temporary(message, server):
    server.faults = Faults(refused={"ann@example.org": "550 gone", "bob@example.org": "450 later"})
    assert not failed(message, profile_for(server)).permanent


def test_a_mail_that_is_too_big_is_said_to_be(message):
    message.set_content("x" * 70 + "\n" + "y" * 2000)
    with SmtpServer(size_limit=1000) as server:
        error = failed(message, profile_for(server))
    assert "the mail is too big (it has 2.3 kB, the server takes 1.0 kB at most)" in str(error)
    assert error.permanent


@pytest.mark.parametrize("code", [200, 251, 252])
def test_each_answer_of_the_twohundreds_accepts(code, message):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=_saying, args=(listening, code))
        server.start()
        port = listening.getsockname()[1]
        profile = SmtpProfile(
            "ops", "localhost", port, Security.UNENCRYPTED, "a@x.org", ("b@x.org",)
        )
        assert deliver(message, profile) == Delivery(("b@x.org",), words=f"{code} as you like")
        server.join(PATIENCE)


def _saying(listening: socket.socket, code: int) -> None:
    connection, _ = listening.accept()
    connection.settimeout(PATIENCE)
    with connection, connection.makefile("rwb", buffering=0) as line:
        line.write(b"220 hello\r\n")
        while (said := line.readline()) and said != b"quit\r\n":
            word = said[:4].upper()
            line.write({b"EHLO": b"250", b"DATA": b"354"}.get(word, b"%d" % code))
            line.write(b" as you like\r\n")
            while word == b"DATA" and (said := line.readline()) != b".\r\n":
                assert said
            if word == b"DATA":
                line.write(b"%d as you like\r\n" % code)


def test_a_long_text_is_sent_piece_by_piece(mail, server, monkeypatch):
    """Each may take as long as an answer; of all at once, a slow line would never have the end."""
    lengths = []
    send = smtplib.SMTP.send

    def noted(smtp, text):
        lengths.append(len(text))
        send(smtp, text)

    monkeypatch.setattr(smtplib.SMTP, "send", noted)
    output = "".join(f"{number:x}\n" for number in range(100_000))
    deliver(mail(output=output), profile_for(server), patience=PATIENT)
    assert sum(lengths) > 200_000
    assert max(lengths) <= 65_536
    received = server.wait_for(1)[0].message
    assert [part.get_filename() for part in received.iter_attachments()] == ["output.txt.zip"]


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


def test_who_cannot_be_told_to_a_server_is_not_named_to_it(message, server):
    people = "Jörg <jörg@example.org>", "Ann Ü <ann@example.org>"
    del message["To"]
    message["To"] = ", ".join(people)
    deliver(message, profile_for(server, recipients=people), patience=PATIENT)
    assert server.messages[0].message["To"] == "Ann Ü <ann@example.org>"


def test_a_sender_of_another_script_needs_a_server_that_takes_it(message, server):
    error = failed(message, profile_for(server, sender="bötchen@example.org"))
    assert "it takes ASCII addresses only, but the sender is 'bötchen@example.org'" in str(error)
    assert error.permanent
    with SmtpServer(smtputf8=True) as modern:
        deliver(message, profile_for(modern, sender="bötchen@example.org"), patience=PATIENT)
        assert modern.messages[0].sender == "bötchen@example.org"


@pytest.mark.parametrize("address", ["", "ann", "ann@", "a b@c", "ann@x\r\nRCPT TO:<eve@x>"])
def test_what_is_no_address_is_refused_for_good(address, message, server):
    error = failed(message, profile_for(server, recipients=(address,)))
    assert "is not a mail address" in str(error)
    assert error.permanent


@pytest.mark.parametrize("smtputf8", [False, True])
@pytest.mark.parametrize(
    "address",
    [
        "ann@example.org>\r\nRCPT TO:<eve@example.org",
        "Ann <ann@example.org>, <eve@example.org>",
        "ann@example.org eve@example.org",
        "ann@example.org\0eve@example.org",
        "ann@example.org\u2028eve@example.org",
        "<ann@example.org> SIZE=1 <eve@example.org>",
        '"ann eve"@example.org',
        "@relay.example.org:ann@example.org",
    ],
)
def test_no_address_says_more_than_one_address(address, smtputf8, message):
    with SmtpServer(smtputf8=smtputf8) as server:
        for profile in (
            profile_for(server, recipients=(address,)),
            profile_for(server, sender=address),
        ):
            assert failed(message, profile).permanent
        assert server.messages == []


HOSTILE = (
    "backup\r\nBcc: eve@example.org\r\n\r\n.\r\nMAIL FROM:<eve@example.org>\r\n\u2028\0\x1b[31m"
)


def test_hostile_names_and_outputs_are_text_and_nothing_else(mail, server):
    built = mail(job_name=HOSTILE, reason=HOSTILE, output=f"{HOSTILE}\r\n.\r\nQUIT\r\n\r.\r\n\n.\n")
    deliver(built, profile_for(server), patience=PATIENT)
    (received,) = server.messages
    assert received.recipients == ("ann@example.org", "bob@example.org")
    assert received.sender == "bots@example.org"
    assert received.message["Bcc"] is None
    assert len(received.message.get_all("Subject")) == 1
    assert "QUIT" in received.message.get_body(("plain",)).get_content()
    assert b"\r" not in received.content.replace(b"\r\n", b"")


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
