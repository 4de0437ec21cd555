import gzip
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botsched.domain.execution import State
from botsched.errors import DeliveryError
from botsched.notify.message import message_id, new_message
from botsched.reports import Image, List, Table, Text, Title, to_data


def sent(message) -> EmailMessage:
    """Read the mail as its receiver does."""
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def part(message, kind) -> str:
    return sent(message).get_body((kind,)).get_content().replace("\r\n", "\n")


def kinds(message) -> list[str]:
    return [part.get_content_type() for part in sent(message).walk()]


def test_the_headers_say_who_what_and_that_a_program_wrote_it(mail):
    message = sent(mail())
    assert message["Subject"] == "[bots-scheduler] backup: failed"
    assert message["From"] == "Bots <bots@example.org>"
    assert message["To"] == 'ann@example.org, "Bob B." <bob@example.org>'
    assert message["Message-ID"] == "<m1@example.org>"
    assert message["Date"] == "Sun, 01 Mar 2026 03:01:05 +0000"
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("state", list(State))
def test_the_subject_names_every_outcome(state, mail):
    assert mail(state=state)["Subject"] == f"[bots-scheduler] backup: {state.value}"


def test_the_text_part_tells_all_by_itself(mail):
    report = to_data((Text("3 of 4 disks copied."), Table([("sda", 7)], ("disk", "GB"))))
    links = (("Show it", "https://bots.example.org/#e1"),)
    message = mail(report=report, report_title="Backup", output="tar: no\n", result=2, links=links)
    assert part(message, "plain").rstrip("\n").split("\n") == [
        "backup: failed",
        "==============",
        "",
        "Reason        exit status 2",
        "Host          web1",
        "Due           2026-03-01 04:00:00 +01:00 (Europe/Paris)",
        "Started       2026-03-01 04:00:00 +01:00 (Europe/Paris)",
        "Ended         2026-03-01 04:01:05 +01:00 (Europe/Paris)",
        "Took          1 min 05 s",
        "Job ID        j1",
        "Execution ID  e1",
        "",
        "Show it: https://bots.example.org/#e1",
        "",
        "Backup",
        "======",
        "",
        "3 of 4 disks copied.",
        "",
        "disk  GB",
        "----  --",
        "sda    7",
        "",
        "Result",
        "------",
        "",
        "    2",
        "",
        "Output",
        "------",
        "",
        "    tar: no",
    ]


def test_the_html_part_holds_the_same_and_loads_nothing(mail):
    report = to_data((Title("Own title"), List(["a < b"])))
    links = (("Show it", "https://bots.example.org/?a=1&b=2"),)
    html = part(mail(report=report, report_title="Backup", output="x & y", links=links), "html")
    assert ">Own title</h2>" in html
    assert "Backup" not in html
    assert "a &lt; b" in html
    assert "x &amp; y" in html
    assert '<a href="https://bots.example.org/?a=1&amp;b=2">Show it</a>' in html
    assert html.count("http") == 1
    assert "src=" not in html
    assert "@import" not in html
    assert "url(" not in html


def test_a_short_mail_has_two_parts_and_no_attachment(mail):
    assert kinds(mail(output="x")) == ["multipart/alternative", "text/plain", "text/html"]


def test_images_travel_inside_the_mail(mail):
    image, other = Image(b"\x89PNG1", alt="load"), Image(b"<svg/>", "image/svg+xml")
    small = Image(image.data, width=16)
    message = mail(report=to_data((image, List([image, other, small]))))
    assert kinds(message) == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/svg+xml",
    ]
    html = part(message, "html")
    pictures = [part for part in sent(message).walk() if part.get_content_maintype() == "image"]
    assert [picture.get_content() for picture in pictures] == [b"\x89PNG1", b"<svg/>"]
    for picture in pictures:
        assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html
    assert "data:" not in html


def test_of_a_long_output_the_end_is_shown_and_all_is_attached(mail):
    output = "".join(f"line {n}\n" for n in range(5000))
    message = mail(output=output)
    text = part(message, "plain")
    assert "the end of the output; all of it (48.9 kB) is attached as output.txt." in text
    assert "line 4600\n" in text
    assert "line 4599\n" not in text
    (attached,) = sent(message).iter_attachments()
    assert attached.get_filename() == "output.txt"
    assert attached.get_content().replace("\r\n", "\n") == output


def test_a_very_long_output_is_attached_compressed(mail):
    output = "0123456789 ä\n" * 200_000
    message = mail(output=output)
    (attached,) = sent(message).iter_attachments()
    assert attached.get_filename() == "output.txt.gz"
    assert gzip.decompress(attached.get_content()).decode() == output


def test_of_a_huge_output_the_last_megabytes_are_attached(mail):
    message = mail(output="ä" * 3_000_000)
    (attached,) = sent(message).iter_attachments()
    assert gzip.decompress(attached.get_content()).decode().strip("ä") == "\n"
    text = part(message, "plain")
    assert "the last 5.0 MB of its 6.0 MB is attached as output.txt.gz" in " ".join(text.split())
    assert len(message.as_bytes()) < 300_000


def test_output_that_was_never_stored_is_mentioned(mail):
    text = part(mail(output="x", output_dropped=2_500_000), "plain")
    assert "2.5 MB of output were more than is stored." in text


def test_a_run_that_printed_nothing_says_so(mail):
    assert "The run printed nothing." in part(mail(), "plain")


def test_a_report_that_cannot_be_read_does_not_keep_the_mail_back(mail):
    text = part(mail(report=[{"type": "hologram"}], output="still here"), "plain")
    assert "The report cannot be shown: Unknown type of report item" in " ".join(text.split())
    assert "still here" in text


@pytest.mark.parametrize("name", ["a\r\nBcc: eve@example.org", "a\nBcc: x", "a\x0bBcc: x\u2028y"])
def test_line_ends_in_a_job_name_do_not_reach_the_headers(name, mail):
    message = sent(mail(job_name=name))
    assert message["Bcc"] is None
    assert message["Subject"].startswith("[bots-scheduler] a Bcc: ")
    assert message["Subject"].endswith(": failed")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=300))
def test_any_text_gives_a_mail_that_can_be_read_back(mail, name, reason, output):
    plain = mail()
    message = mail(job_name=name, reason=reason, output=output, result=[output])
    assert sent(message).keys() == sent(plain).keys()
    assert sent(message)["Subject"].endswith(": failed")
    assert kinds(message) == kinds(plain)
    assert "<script" not in part(message, "html").lower()
    assert all(len(line) <= 998 for line in message.as_bytes().split(b"\r\n"))
    message.as_bytes().decode("ascii")


def test_text_of_all_scripts_arrives(mail):
    message = mail(job_name="Sicherung ü 日本", output="naïve ✓ 日本")
    assert sent(message)["Subject"] == "[bots-scheduler] Sicherung ü 日本: failed"
    assert "naïve ✓ 日本" in part(message, "plain")
    assert "naïve ✓ 日本" in part(message, "html")


def test_a_huge_name_is_shortened_so_that_the_outcome_stays_in_sight(mail):
    assert sent(mail(job_name="x" * 500))["Subject"].endswith("xxx…: failed")


def test_the_message_id_is_the_same_on_each_attempt(profile):
    assert message_id("m7", profile) == message_id("m7", profile) == "<m7@example.org>"


@pytest.mark.parametrize("recipient", ["", "nobody", "a@b@", "<>"])
def test_a_recipient_that_is_no_address_is_named(recipient, profile):
    with pytest.raises(DeliveryError, match="is not a mail address") as caught:
        new_message(profile, (recipient,), "x", "<m@x>")
    assert repr(recipient) in str(caught.value)
