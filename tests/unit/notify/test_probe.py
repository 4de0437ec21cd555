"""What each way is, in words, and a test by each."""

from pathlib import Path

import pytest

from botsched.errors import DeliveryError, SettingsError
from botsched.notify.probe import TrialNotice, describe, try_out
from botsched.settings.model import Command, Extension, Security, SmtpProfile, Webhook
from tests.support.webreceiver import Answer, web_receiver

OPS = SmtpProfile(
    "ops", "localhost", 25, Security.UNENCRYPTED, "bots@example.org", ("ann@example.org",)
)
BOARD = """
class Board:
    def __init__(self, options):
        self.options = options

    def send(self, notice):
        return f"{notice['kind']} for {notice['to']} in {self.options['room']}"
"""


@pytest.fixture
def board(tmp_path: Path) -> Extension:
    (tmp_path / "board.py").write_text(BOARD)
    options = (("room", "12"),)
    return Extension("board", file=tmp_path / "board.py", class_name="Board", options=options)


def test_each_way_is_told_without_what_is_secret(board: Extension) -> None:
    hook = Webhook("chat", url="https://chat.example.com/T0KEN")
    plain = Webhook("old", url="http://chat.example.com:8080/T0KEN", secret="k" * 16)
    relay = Webhook("relay", url="http://127.0.0.1/")
    pager = Command("pager", argv=("/bin/true", "T0KEN"), folder=Path("/"))

    assert [describe(outlet) for outlet in (OPS, hook, plain, relay, pager, board)] == [
        "profile 'ops' through localhost:25 (unencrypted, without login)",
        "web hook 'chat' to chat.example.com (not signed)",
        "web hook 'old' to chat.example.com:8080 (signed, without TLS)",
        "web hook 'relay' to 127.0.0.1 (not signed)",
        "command 'pager' runs /bin/true",
        f"channel 'board' is Board of {board.file}",
    ]


def test_a_class_that_cannot_be_had_is_told(board: Extension) -> None:
    board.file.write_text("")

    with pytest.raises(SettingsError, match=r"class Board of .* is not there"):
        describe(board)


def test_a_test_goes_by_each_way(
    board: Extension, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with web_receiver() as receiver:
        hook = Webhook("chat", url=receiver.url)
        assert try_out(hook, "ann@example.org") == (
            "web hook 'chat': a test was accepted, in the words '204 No Content'."
        )
        receiver.answers.append(Answer(403))
        with pytest.raises(DeliveryError, match=r"Web hook 'chat' .* it answered 403"):
            try_out(hook, "ann@example.org")

    pager = Command("pager", argv=("/bin/true",), folder=tmp_path)
    assert try_out(pager, "ann@example.org") == "command 'pager': a test was accepted."
    assert try_out(board, "ann@example.org") == (
        "channel 'board': a test was accepted, in the words \"test for ['ann@example.org'] in 12\"."
    )


def test_the_notice_is_a_mail_as_well() -> None:
    mail = TrialNotice(None).email(OPS)

    assert (mail["To"], mail["Subject"]) == ("ann@example.org", "[bots-scheduler] Test mail")
    assert "Nothing needs to be done" in mail.get_content()
