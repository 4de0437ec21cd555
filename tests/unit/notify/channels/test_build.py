"""Channels of the settings, by name."""

from pathlib import Path

import pytest

from botsched.domain.mailrules import MailDefaults, MailRule, MailRules, Occasion
from botsched.errors import SettingsError
from botsched.notify.channels.build import channels
from botsched.notify.channels.command import CommandChannel
from botsched.notify.channels.smtp import SmtpChannel
from botsched.notify.channels.webhook import WebhookChannel
from botsched.settings.model import (
    Command,
    Extension,
    MailSettings,
    Security,
    SmtpProfile,
    Webhook,
)

OPS, SPARE = (
    SmtpProfile(name, "localhost", 25, Security.UNENCRYPTED, "bots@example.org", ("a@example.org",))
    for name in ("ops", "spare")
)
CHAT = Webhook("chat", url="http://localhost:1/", fallback="spare", per_minute=30)
PAGER = Command("pager", argv=("/bin/true",), folder=Path("/"))


def test_there_is_one_for_each_outlet_also_for_those_that_only_stand_in() -> None:
    made = channels(MailSettings((OPS,), channels=(CHAT, PAGER), fallbacks=(SPARE,)))

    assert {name: type(each) for name, each in made.items()} == {
        "ops": SmtpChannel,
        "chat": WebhookChannel,
        "pager": CommandChannel,
        "spare": SmtpChannel,
    }
    assert [each.name for each in made.values()] == list(made)
    assert (made["chat"].fallback, made["chat"].per_minute) == ("spare", 30)


def test_all_classes_that_cannot_be_had_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "none.py").write_text("")
    faulty = tuple(
        Extension(name, file=tmp_path / "none.py", class_name="None_") for name in ("a", "b")
    )

    with pytest.raises(SettingsError) as caught:
        channels(MailSettings(channels=faulty))

    assert len(caught.value.faults) == 2


def test_usual_rules_name_what_there_is() -> None:
    named = MailRules((MailRule((Occasion.BROKEN,), profiles=("chat", "spare")),))
    settings = MailSettings(
        (OPS,), channels=(CHAT,), fallbacks=(SPARE,), defaults=MailDefaults(named)
    )

    with pytest.raises(SettingsError, match=r"profiles names 'spare', .* there: 'ops', 'chat'\."):
        channels(settings)
