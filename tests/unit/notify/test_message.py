import io
import zipfile
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botsched.errors import DeliveryError
from botsched.notify.addresses import parse
from botsched.notify.channels.smtp import SmtpChannel
from botsched.notify.letter import Letterhead
from botsched.notify.message import message_id, new_message
from botsched.reports import Image, List, to_data
from tests.support.profiles import profile_for
from tests.support.smtpserver import SmtpServer

HEADERS = [
    "Subject",
    "From",
    "To",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Date",
    "In-Reply-To",
    "References",
    "List-Id",
    "List-Unsubscribe",
    "MIME-Version",
    "Content-Type",
]
PNG = b"\x89PNG\r\n\x1a\n1"


def sent(message) -> EmailMessage:
    """Read the mail as its receiver does."""
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def part(message, kind) -> str:
    return sent(message).get_body((kind,)).get_content().replace("\r\n", "\n")


def kinds(message) -> list[str]:
    return [part.get_content_type() for part in sent(message).walk()]


def test_the_headers_say_who_what_and_that_a_program_wrote_it(mail):
    message = sent(mail(thread="e1"))
    assert {name: message[name] for name in HEADERS[:-2]} == {
        "Subject": "[bots-scheduler] backup: failed",
        "From": "Bots <bots@example.org>",
        "To": 'ann@example.org, "Bob B." <bob@example.org>',
        "Message-ID": "<m1@example.org>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Date": "Sun, 01 Mar 2026 03:01:05 +0000",
        "In-Reply-To": "<incident.e1@example.org>",
        "References": "<incident.e1@example.org>",
        "List-Id": "<j1.bots-scheduler.example.org>",
        "List-Unsubscribe": "<https://bots.example.org/jobs/j1/edit#mail>",
    }


def test_identifiers_are_never_cut_nor_encoded(notice, profile):
    """Python does so with words longer than a line, and no reader knows them again."""
    domain = "batch.production.eu-west-1.shop.example"
    url = f"https://bots-scheduler.{domain}:8443"
    letterhead = Letterhead(ZoneInfo("UTC"), url)
    made = notice(thread="0a" * 16, job_id="0b" * 16, letterhead=letterhead)
    message = made.email(replace(profile, sender=f"bots@{domain}"))
    headers = message.as_bytes().partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert f"In-Reply-To: <incident.{'0a' * 16}@{domain}>" in headers
    assert f"References: <incident.{'0a' * 16}@{domain}>" in headers
    assert f"List-Id: <{'0b' * 16}.bots-scheduler.{domain}>" in headers
    assert f"List-Unsubscribe: <{url}/jobs/{'0b' * 16}/edit#mail>" in headers


@pytest.mark.parametrize("words", [1, 3, 10, 25, 40])
@pytest.mark.parametrize("odd", ["ü", "…", "日本", "=?x?="])
def test_a_long_subject_is_read_as_it_was_written(profile, words, odd):
    """Python leaves out blanks between encoded words, and such words nobody can read."""
    subject = " ".join(["long"] * words + [odd, "(web1):", "failed", odd])
    message = new_message(profile, ("ann@example.org",), subject, "<m1@example.org>")
    header = message.as_bytes().partition(b"\r\nFrom:")[0].decode("ascii").removeprefix("Subject:")
    assert "?==?" not in header
    assert all(0 < len(line.strip()) <= 76 for line in header.split("\r\n"))
    read = str(make_header(decode_header(header.replace("\r\n", "").strip())))
    assert read == subject.replace("=?", "= ?")


@pytest.mark.parametrize(
    "name", ["Ops ü", "Team (day) 日本 " + "x" * 40 + " ü a.b Team", "Jörg, X", "Ann B.", "Ann"]
)
def test_names_are_read_as_they_were_written(profile, name):
    someone = f'"{name}" <a.long.address.indeed@mail.department.example.org>'
    to = (someone, "bob@example.org", "jürgen@example.org")
    made = new_message(replace(profile, sender=someone), to, "backup", "<m1@example.org>")
    headers = made.as_bytes().decode("ascii")
    assert all(0 < len(line.strip()) <= 76 for line in headers.strip().split("\r\n"))
    assert "?==?" not in headers
    assert "=?utf-8?q??=" not in headers
    for header, people in (("From", [someone]), ("To", to[:2])):
        read = message_from_bytes(headers.encode(), policy=policy.compat32)[header]
        found = [(str(make_header(decode_header(n))), at) for n, at in getaddresses([read])]
        wanted = [(parse(each).display_name, parse(each).addr_spec) for each in people]
        assert found[: len(wanted)] == wanted


def test_an_address_that_no_header_can_say_is_left_out_of_it(mail):
    message = mail(letterhead=Letterhead(ZoneInfo("UTC"), "https://bücher.example"))
    assert sent(message)["List-Unsubscribe"] is None
    assert "https://bücher.example/jobs/j1/edit#mail" in part(message, "plain")


def test_a_mail_outside_of_an_incident_answers_nothing(mail):
    message = sent(mail())
    assert message["References"] is None
    assert message["In-Reply-To"] is None


def test_a_short_mail_has_two_parts_and_no_attachment(mail):
    assert kinds(mail(output="x")) == ["multipart/alternative", "text/plain", "text/html"]


def test_pictures_travel_inside_the_mail(mail):
    image, other = Image(PNG, alt="load"), Image(b"GIF89a", "image/gif")
    small = Image(image.data, width=16)
    message = mail(report=to_data((image, List([image, other, small]))))
    assert kinds(message) == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/gif",
    ]
    html = part(message, "html")
    pictures = [part for part in sent(message).walk() if part.get_content_maintype() == "image"]
    assert [picture.get_content() for picture in pictures] == [PNG, b"GIF89a"]
    for picture in pictures:
        assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html
    assert "data:" not in html


def test_pictures_that_mail_readers_do_not_show_are_attached(mail):
    message = mail(report=to_data((Image(b"<svg/>", "image/svg+xml", alt="load"),)))
    (attached,) = sent(message).iter_attachments()
    assert attached.get_filename() == "picture-1.svg"
    assert "[Picture, load: see the file picture-1.svg]" in part(message, "plain")


def test_a_long_output_is_attached_whole_and_compressed(mail):
    output = "".join(f"line {n} ä\n" for n in range(20_000))
    message = mail(output=output)
    (attached,) = sent(message).iter_attachments()
    assert attached.get_filename() == "output.txt.zip"
    with zipfile.ZipFile(io.BytesIO(attached.get_content())) as archive:
        assert archive.read("output.txt").decode() == output
    assert mail(output=output).as_bytes() is not None


def test_each_attempt_has_the_same_bytes_but_for_the_borders_of_parts(mail):
    def parts(message) -> list[bytes]:
        return [part.get_payload(decode=True) for part in sent(message).walk()]

    long = "x\n" * 200_000
    assert parts(mail(output=long)) == parts(mail(output=long))


CHARACTERS = st.one_of(
    st.sampled_from("\r\n\x00\x0b\x0c\x85\u2028\u202e,;:<>@\"'=?_ \t{}"), st.characters()
)
HOSTILE = st.lists(
    st.one_of(CHARACTERS, st.just("=?utf-8?q?=0ABcc:_eve=40example.org?=")), max_size=80
).map("".join)


@settings(suppress_health_check=list(HealthCheck), max_examples=40, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_text_reaches_into_the_headers(mail, name, reason, output, key):
    message = mail(
        job_name=name, reason=reason, output=output, result=[output], hostname=name, job_id=key,
        thread=key, user=reason, id=key,
    )  # fmt: skip
    received = sent(message)
    assert received.keys() == HEADERS
    assert received["Subject"].startswith("[bots-scheduler]")
    assert received["Subject"].endswith(": failed")
    assert kinds(message) == ["multipart/alternative", "text/plain", "text/html"]
    assert "<script" not in part(message, "html").lower()
    assert all(len(line) <= 998 for line in message.as_bytes().split(b"\r\n"))
    message.as_bytes().decode("ascii")


def test_hostile_mails_arrive_as_they_were_meant(notice):
    """The server sees each as one mail, for nobody else, whatever its parts hold."""
    names = [
        "a\r\nBcc: eve@example.org",
        "x\r\n\r\n.\r\nMAIL FROM:<eve@example.org>",
        "=?utf-8?q?=0ABcc:_eve=40example.org?=",
        "ü" * 300 + "\nBcc: eve@example.org",
        '"; x=y',
        "\u202egpj.exe",
    ]
    with SmtpServer() as server:
        profile = profile_for(server)
        with SmtpChannel(profile).open() as line:
            for name in names:
                line.send(notice(job_name=name, output=f"{name}\n.\nQUIT\n", reason=name), ())
        received = server.wait_for(len(names))
    for mail in received:
        assert mail.recipients == ("ann@example.org", "bob@example.org")
        assert mail.message.keys() == [each for each in HEADERS if each not in HEADERS[7:9]]
        assert mail.message["Subject"].endswith(": failed")
        text = mail.message.get_body(("plain",)).get_content()
        assert "\n    .\n    QUIT\n" in text.replace("\r\n", "\n")


HOSTS = st.sampled_from(["example.org", "münchen.example", "xn--a.example", "a\r\nb.example", ""])


@settings(suppress_health_check=list(HealthCheck), max_examples=40, deadline=None)
@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTS), min_size=1, max_size=3))
def test_a_recipient_is_an_address_or_refused(profile, parts):
    """No name of a recipient makes another one, or another header."""
    recipients = tuple(f"{name} <{local}@{host}>" for name, local, host in parts)
    with suppress(DeliveryError):
        message = new_message(profile, recipients, "x", "<m@x>")
        received = message_from_bytes(message.as_bytes(), policy=policy.default)
        assert received.keys() == HEADERS[:6]
        assert len(received["To"].addresses) <= len(recipients)


def test_text_of_all_scripts_arrives(mail):
    message = mail(job_name="Sicherung ü 日本", output="naïve ✓ 日本")
    assert sent(message)["Subject"] == "[bots-scheduler] Sicherung ü 日本: failed"
    assert "naïve ✓ 日本" in part(message, "plain")
    assert "naïve ✓ 日本" in part(message, "html")


def test_the_message_id_is_the_same_on_each_attempt(profile):
    assert message_id("m7", profile) == message_id("m7", profile) == "<m7@example.org>"


@pytest.mark.parametrize("recipient", ["", "nobody", "a@b@", "<>"])
def test_a_recipient_that_is_no_address_is_named(recipient, profile):
    with pytest.raises(DeliveryError, match="is not a mail address") as caught:
        new_message(profile, (recipient,), "x", "<m@x>")
    assert repr(recipient) in str(caught.value)


def test_a_mailbox_of_another_script_does_not_break_the_header_for_others(profile):
    recipients = ("Jörg <jörg@münchen.example>", "ann@example.org")
    message = new_message(profile, recipients, "x", "<m@x>")
    received = sent(message)
    assert received.keys() == HEADERS[:6]
    assert received["To"].groups[0].display_name == "Jörg jörg at xn--mnchen-3ya.example"
    assert [each.addr_spec for each in received["To"].addresses] == ["ann@example.org"]


@pytest.mark.parametrize(
    ("recipient", "address"),
    [
        ("Ann\r\nBcc: eve@example.org <ann@example.org>", None),
        ("Ann <ann@example.org>\r\nRCPT TO:<eve@example.org>", None),
        ("ann@example.org, eve@example.org", None),
        ("ann@example.org> SIZE=1 <eve@example.org", None),
        ("Eve, eve@example.org <ann@example.org>", None),
        ("Ann, Eve; x: <ann@example.org>", "ann@example.org"),
        ('Ann "the\\ <ann@example.org>', None),
        ("=?utf-8?q?=0ABcc:_eve=40example.org?= <ann@example.org>", "ann@example.org"),
        ("\u202eAnn\u2028 <ann@münchen.example>", "ann@xn--mnchen-3ya.example"),
    ],
)
def test_the_server_is_told_one_recipient_for_one_or_none(notice, recipient, address):
    with SmtpServer() as server:
        profile = profile_for(server, recipients=("bob@example.org",))
        with SmtpChannel(profile).open() as line:
            for made in (notice(to=(recipient,)), notice()):
                with suppress(DeliveryError):
                    line.send(made, ())
        received = server.wait_for(1 if address is None else 2)
    assert [mail.recipients for mail in received] == [
        *([(address,)] if address else []),
        ("bob@example.org",),
    ]
    for mail in received:
        assert mail.message["Bcc"] is None
        assert [f"{each.addr_spec}" for each in mail.message["To"].addresses] == [*mail.recipients]


def test_what_looks_encoded_is_shown_as_it_is(mail):
    message = sent(mail(job_name="=?utf-8?q?=0ABcc:_x?="))
    assert message["Subject"] == "[bots-scheduler] = ?utf-8?q?=0ABcc:_x?=: failed"
