"""The examples of docs/channels.md are run, and its tables held against the code."""

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from botsched.errors import DeliveryError
from botsched.notify.channels.build import channels
from botsched.notify.channels.payload import payload
from botsched.notify.digest import DigestNotice
from botsched.notify.probe import TrialNotice
from botsched.settings import outlets
from botsched.settings.model import MailSettings, Webhook
from botsched.settings.notify import HEADINGS, load_notify
from tests.support.webreceiver import Answer, Receiver, web_receiver
from tests.unit.notify import conftest as notices

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "channels.md").read_text()
SIGNATURE, CHAT = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
RULES, ROOM = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
[SCRIPT] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
NOTICE = TrialNotice(("ann@example.org",))

execution, notice = notices.execution, notices.notice


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("no_proxy", "*")
    with web_receiver() as receiver:
        yield receiver


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], MailSettings]:
    """The settings of such a file, beside which the other files of the page are."""
    (tmp_path / "page.sh").write_text(SCRIPT)
    (tmp_path / "page.sh").chmod(0o755)
    (tmp_path / "chat.py").write_text(CHAT)

    def load(text: str) -> MailSettings:
        (tmp_path / "notify.ini").write_text(text)
        (tmp_path / "notify.ini").chmod(0o600)
        return load_notify(tmp_path / "notify.ini", ZoneInfo("UTC"))

    return load


def test_a_receiver_tells_genuine_requests_from_others(receiver: Receiver) -> None:
    page: dict[str, Any] = {}
    exec(SIGNATURE, page)
    is_genuine: Callable[..., bool] = page["is_genuine"]
    for secret in ("correct horse battery staple", "whsec_dGhlIGtleSBvZiBhbGwgdGhlc2UgdHJpYWxz"):
        hook = Webhook("chat", url=receiver.url, secret=secret)
        with channels(MailSettings(channels=(hook,)))["chat"].open() as line:
            line.send(NOTICE, ())
        post = receiver.posts.pop()

        assert is_genuine(post.headers, post.body, secret)
        assert not is_genuine(post.headers, post.body + b" ", secret)
        assert not is_genuine(post.headers, post.body, f"{secret}0000")
        assert not is_genuine(post.headers | {"webhook-id": "m2"}, post.body, secret)
        assert not is_genuine(post.headers, post.body, secret, now=time.time() + 3600)
        assert json.loads(post.body)["id"] == post.headers["webhook-id"] == NOTICE.id


def test_the_class_of_the_page_talks_to_a_chat(
    load: Callable[[str], MailSettings], receiver: Receiver
) -> None:
    settings = load(ROOM.replace("https://chat.example.com", receiver.url))
    with channels(settings)["room"].open() as line:
        receiver.answers.append(Answer(200))
        assert line.send(NOTICE, ()).words == "the chat answered 200"
        [post] = receiver.posts
        assert post.path == "/api/webhooks/1234/abcd"
        assert json.loads(post.body) == {"username": "backups", "content": f"**{NOTICE.subject}** "}

        receiver.answers.append(Answer(429, {"Retry-After": "7"}))
        with pytest.raises(DeliveryError) as busy:
            line.send(NOTICE, ())
        assert (busy.value.permanent, busy.value.retry_after) == (False, 7)

        receiver.answers.append(Answer(404))
        with pytest.raises(DeliveryError) as gone:
            line.send(NOTICE, ())
        assert (gone.value.permanent, str(gone.value)) == (
            True,
            "Channel 'room': the chat answered 404",
        )


def test_the_rules_and_the_command_of_the_page_are_usable(
    load: Callable[[str], MailSettings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logger").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "logger").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    settings = load(RULES)

    assert len(settings.defaults.rules.rules) == 2
    assert settings.names == ("chat", "pager")
    with channels(settings)["pager"].open() as line:
        assert line.send(NOTICE, ()).words == (
            f"--priority user.err -- --team night shift: {NOTICE.subject}"
        )


def test_all_sections_and_fields_are_told() -> None:
    settings = (DOCS / "settings.md").read_text()
    assert all(heading in PAGE + settings for heading in HEADINGS.values())
    fields = {*outlets.WEBHOOK_FIELDS, *outlets.COMMAND_FIELDS, *outlets.EXTENSION_FIELDS}
    assert fields <= set(re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE))


def test_the_keys_of_a_digest_are_told(notice: Callable[..., Any]) -> None:
    run = notice()
    digest = DigestNotice("m2", None, run.letterhead, (run.told,), run.date, 1)
    data = payload(digest, "chat", ())
    [told] = re.findall(r"^A `digest` has .*?\n\n", PAGE, re.MULTILINE | re.DOTALL)

    added = set(data) - set(payload(TrialNotice(None), "chat", ()))
    assert added | set(data["ends"][0]) == set(re.findall(r"`(\w+)`", told)) - {"digest", "test"}


def test_all_keys_are_told(notice: Callable[..., Any]) -> None:
    data = payload(notice(thread="e1"), "chat", ())
    [table] = re.findall(r"^\| key \|.*?\n\n", PAGE, re.MULTILINE | re.DOTALL)
    first_cells = (row.split("|")[1] for row in table.strip().splitlines())
    told = {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)}

    assert told == set(data)
    for key in ("job", "execution", "incident", "links"):
        [row] = (line for line in table.splitlines() if line.startswith(f"| `{key}` |"))
        assert set(data[key]) <= set(re.findall(r"`(\w+)`", row)), key
