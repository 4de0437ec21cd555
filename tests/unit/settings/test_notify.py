"""``conf/notify.ini``: what is read, and that all that is wrong is told at once."""

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from botsched.domain.mailforms import rule_data
from botsched.domain.mailrules import USUAL, Occasion, Rate
from botsched.domain.subject import DEFAULT
from botsched.domain.window import window_data
from botsched.errors import SettingsError
from botsched.settings.load import load_settings
from botsched.settings.model import (
    Command,
    Extension,
    MailSettings,
    Webhook,
)
from botsched.settings.notify import load_notify
from botsched.settings.shipped import shipped
from tests.unit.settings.conftest import FaultsOf, Load

PARIS = ZoneInfo("Europe/Paris")

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str, mode: int = 0o600) -> Path:
        path = tmp_path / "notify.ini"
        path.write_text(text)
        path.chmod(mode)
        return path

    return write


def faults(path: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_notify(path, PARIS)
    return [
        fault.replace(f"{path} ", "").replace(str(path.parent), "FOLDER")
        for fault in caught.value.faults
    ]


def test_an_empty_file_changes_nothing(write: Write) -> None:
    loaded = load_notify(write(""), ZoneInfo("UTC"))

    assert loaded == MailSettings()
    assert (loaded.subject, loaded.defaults.rules) == (DEFAULT, USUAL)


def test_defaults_are_read(write: Write) -> None:
    path = write(
        "[defaults]\nsubject = {outcome}: {job}\nquiet = 22:00-07:00, sat-sun 0:00-24:00\n"
        "most_a_day = 0\nmost_a_day_to = 100\ndigest_at = 7:30\n"
    )

    loaded = load_notify(path, PARIS)

    assert loaded.subject == "{outcome}: {job}"
    defaults = loaded.defaults
    assert (defaults.most_a_day, defaults.most_a_day_to) == (0, 100)
    assert (defaults.digest_at, defaults.timezone) == (time(7, 30), PARIS)
    zone = {"timezone": "Europe/Paris"}
    assert [window_data(window) for window in defaults.quiet] == [
        {"name": "22:00-07:00", "crontab": "0 22 * * *", "duration": 9 * 3600} | zone,
        {"name": "sat-sun 0:00-24:00", "crontab": "0 0 * * sat-sun", "duration": 86_400} | zone,
    ]


def test_rules_take_the_place_of_the_usual_ones(write: Write) -> None:
    path = write(
        "[rule incidents]\non = broken, still_failing, recovered\nafter = 2\nrate = 3 of 10\n"
        "every = 6h\nquiet = none\nmost_a_day = 5\nprofiles = ops, chat\n"
        'to = "Ann, of ops" <ann@example.com>, bob@example.com\n'
        "[rule output]\non = output\n"
    )

    first, second = load_notify(path, PARIS).defaults.rules.rules

    assert first.on == (Occasion.BROKEN, Occasion.STILL_FAILING, Occasion.RECOVERED)
    assert (first.after, first.rate, first.every) == (2, Rate(3, 10), timedelta(hours=6))
    assert (first.quiet, first.most_a_day, first.profiles) == ((), 5, ("ops", "chat"))
    assert first.to == ('"Ann, of ops" <ann@example.com>', "bob@example.com")
    assert rule_data(second) == rule_data(second) | {"on": ["output"], "to": None, "quiet": None}


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90 s", 90), ("5min", 300), ("2 h", 7200), ("1d", 86_400)]
)
def test_spans_have_units(write: Write, text: str, seconds: int) -> None:
    [rule] = load_notify(
        write(f"[rule a]\non = broken\nevery = {text}\n"), PARIS
    ).defaults.rules.rules

    assert rule.every == timedelta(seconds=seconds)


def test_channels_are_read(write: Write, tmp_path: Path) -> None:
    (tmp_path / "page").write_text("#!/bin/sh\n")
    (tmp_path / "page").chmod(0o755)
    (tmp_path / "board.py").write_text("")
    path = write(
        "[webhook chat]\nurl = https://hooks.example.com/x?y=%%z\nsecret = 0123456789abcdef\n"
        "headers = Authorization: Bearer a b\n  X-Team: ops\n"
        "timeout = 5\nper_minute = 60\nfallback = pager\n"
        '[command pager]\ncommand = ./page --team "night shift"\n'
        "[channel board]\nclass = board.py:Board\nRoom = 12\ntoken = abc\n"
    )

    assert load_notify(path, PARIS).channels == (
        Webhook(
            "chat",
            url="https://hooks.example.com/x?y=%%z",
            secret="0123456789abcdef",
            headers=(("Authorization", "Bearer a b"), ("X-Team", "ops")),
            timeout=5,
            per_minute=60,
            fallback="pager",
        ),
        Command("pager", argv=(f"{tmp_path}/page", "--team", "night shift"), folder=tmp_path),
        Extension(
            "board",
            file=tmp_path / "board.py",
            class_name="Board",
            options=(("room", "12"), ("token", "abc")),
        ),
    )


def test_no_secret_is_in_any_representation(write: Write, tmp_path: Path) -> None:
    (tmp_path / "board.py").write_text("")
    path = write(
        "[webhook chat]\nurl = https://hooks.example.com/hunter2\nsecret = hunter2hunter2hunter2\n"
        "headers = A: hunter2\n[command a]\ncommand = true hunter2\n"
        "[channel board]\nclass = board.py:Board\ntoken = hunter2\n"
    )

    assert "hunter2" not in repr(load_notify(path, PARIS))


FAULTS = """\
[rule a]: on 'sunshine': 'sunshine' is unknown; give some of output, success, failure, \
timeout, missed, skipped, lost, broken, still_failing, recovered, changed.
[rule a]: after 'x': a whole number is accepted.
[rule a]: rate 'often': so many of so many runs are accepted, as 3 of 10.
[rule a]: every '1s': 1 is out of range; give 60 to 31622400.
[rule a]: quiet 'fri-mon 1:00-2:00': window 1: crontab: weekdays 'fri-mon' run backwards; \
write the earlier first.
[rule b]: on is missing.
[rule b]: to 'nobody': 'nobody' is not a mail address; give name@host or Words <name@host>.
[webhook a]: url: an address that begins with https:// or http:// is accepted, in ASCII.
[webhook a]: secret: 7 bytes are too short, for it could be guessed; at least 16 are accepted.
[webhook a]: headers: line 1 is not Name: value, in ASCII.
[webhook a]: timeout '0': a whole number from 1 to 3600 is accepted.
[webhook b]: url: a login in the address is not sent; give it as headers = Authorization: \
Basic ...
[webhook b]: secret: what follows whsec_ is not base64.
[webhook b]: headers: Host is set by the program; leave it out.
[webhook c]: url is missing.
[webhook c]: headers: x-key is there twice.
[command a]: command: no program 'none-of-this-name' is on the PATH.
[command b]: command: no program 'FOLDER/none' is there.
[command c]: command: 'FOLDER/plain' cannot be executed; run chmod +x FOLDER/plain
[command d]: command: no closing quotation; words are split as by a shell.
[command e]: command: no program 'FOLDER/~nobody-of-this-name/page' is there.
[command f]: command: everybody on this machine may change 'FOLDER/open'; run chmod o-w FOLDER/open
[channel a]: class 'Board': FILE.py:CLASS is accepted, as pager.py:Pager.
[channel b]: class: there is no file 'FOLDER/none.py'.
[channel c]: class: there is no file 'FOLDER/~nobody-of-this-name/board.py'.
[channel d]: class: everybody on this machine may change 'FOLDER/open.py'; run chmod o-w \
FOLDER/open.py
[hook c]: there is no such section; did you mean [webhook NAME]?
[webhook]: there is no such section; did you mean [webhook NAME]?
[cron]: there is no such section; there are [defaults], [rule NAME], [webhook NAME], [command \
NAME], [channel NAME].
[channel a b]: 'a b' is no name; up to 255 characters but blanks and commas are accepted.
[defaults]: unknown field x; known are subject, quiet, most_a_day, most_a_day_to, digest_at.
[defaults]: subject '{jop}': {jop} is not known; there are {job}, {outcome}, {reason}, {host}, \
{attempt}, {failures}.
[defaults]: quiet 'at night': 'at night' is no time; write 22:00-07:00, or sat-sun 00:00-24:00.
[defaults]: most_a_day 'many': a whole number from 0 to 10000 is accepted.
[defaults]: digest_at '24:00': a time such as 08:00 is accepted.
"""


def test_all_faults_are_told_at_once(write: Write, tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    for name in ("open", "open.py"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o777)
    path = write(
        "[DEFAULT]\n"
        "[defaults]\nsubject = {jop}\nquiet = at night\nmost_a_day = many\ndigest_at = 24:00\n"
        "x = 1\n"
        "[rule a]\non = sunshine\nafter = x\nrate = often\nevery = 1s\nquiet = fri-mon 1:00-2:00\n"
        "[rule b]\nto = nobody\n"
        "[webhook a]\nurl = ftp://hunter2\nsecret = hunter2\nheaders = hunter2\ntimeout = 0\n"
        "[webhook b]\nurl = https://a:hunter2@example.com\nsecret = whsec_hunter2!\n"
        "headers = Host: hunter2\n"
        "[webhook c]\nheaders = X-Key: hunter2\n  x-key: hunter2\n"
        "[command a]\ncommand = none-of-this-name\n"
        "[command b]\ncommand = ./none\n"
        "[command c]\ncommand = ./plain\n"
        '[command d]\ncommand = "page\n'
        "[command e]\ncommand = ~nobody-of-this-name/page\n"
        "[command f]\ncommand = ./open\n"
        "[channel a]\nclass = Board\n"
        "[channel b]\nclass = none.py:Board\n"
        "[channel c]\nclass = ~nobody-of-this-name/board.py:Board\n"
        "[channel d]\nclass = open.py:Board\n"
        "[hook c]\n[webhook]\n[cron]\n[channel a b]\n"
    )

    found = faults(path)

    assert found == FAULTS.splitlines()
    assert "hunter2" not in str(found)


def test_fields_for_all_sections_are_a_fault(write: Write) -> None:
    [fault] = faults(write("[DEFAULT]\nsubject = a\n"))

    assert fault == "[DEFAULT]: there is no such section; did you mean [defaults]?"


@pytest.mark.parametrize("kind", ["webhook", "command", "channel"])
def test_a_file_with_channels_must_not_be_readable_by_others(write: Write, kind: str) -> None:
    assert any("run chmod 600" in fault for fault in faults(write(f"[{kind} a]\n", 0o644)))


def test_one_without_channels_may_be(write: Write) -> None:
    path = write("[defaults]\nmost_a_day = 3\n[rule a]\non = failure\n", 0o644)

    assert load_notify(path, PARIS).defaults.most_a_day == 3


def test_the_template_can_be_read_as_it_is_and_with_all_of_it(write: Write, tmp_path: Path) -> None:
    template = (shipped("conf") / "notify.ini.template").read_text()
    assert load_notify(write(template), ZoneInfo("UTC")) == MailSettings()

    (tmp_path / "board.py").write_text("")
    lines = [
        line.removeprefix("#") if line[:2].strip() != "#" else "" for line in template.split("\n")
    ]
    text = "\n".join(lines).replace("/usr/local/bin/page", "true")
    loaded = load_notify(write(text), PARIS)

    assert [channel.name for channel in loaded.channels] == ["chat", "pager", "board"]
    assert len(loaded.defaults.rules.rules) == 1
    assert (loaded.defaults.most_a_day, len(loaded.defaults.quiet)) == (20, 2)


SMTP = """\
[ops]
hostname = localhost
security = unencrypted
from = a@example.com
to = b@example.com
{}
[spare]
hostname = localhost
security = unencrypted
from = a@example.com
to = c@example.com
"""
HOOK = "[webhook {}]\nurl = https://example.com/\n{}\n"


@pytest.fixture
def conf(tmp_path: Path) -> Callable[[str, str], None]:
    def conf(smtp: str, notify: str) -> None:
        (tmp_path / "conf").mkdir()
        (tmp_path / "conf" / "smtp.ini").write_text(smtp)
        (tmp_path / "conf" / "notify.ini").write_text(notify)
        (tmp_path / "conf" / "notify.ini").chmod(0o600)

    return conf


def test_profiles_and_channels_stand_in_for_each_other(
    load: Load, conf: Callable[[str, str], None]
) -> None:
    conf(SMTP.format("fallback = chat"), HOOK.format("chat", "fallback = spare"))

    mail = load(smtp_profile=["ops"]).mail

    assert [profile.name for profile in mail.profiles] == ["ops"]
    assert [channel.name for channel in mail.channels] == ["chat"]
    assert [profile.name for profile in mail.fallbacks] == ["spare"]
    assert mail.names == ("ops", "chat")


def test_without_profiles_there_are_still_channels(
    load: Load, conf: Callable[[str, str], None]
) -> None:
    conf(SMTP.format(""), HOOK.format("chat", "fallback = spare"))

    mail = load().mail

    assert (mail.names, [profile.name for profile in mail.fallbacks]) == (("chat",), ["spare"])


def test_names_are_checked_over_both_files(
    faults_of: FaultsOf, conf: Callable[[str, str], None]
) -> None:
    conf(
        SMTP.format("fallback = nobody"),
        HOOK.format("spare", "") + HOOK.format("a", "fallback = a") + "[command a]\ncommand=true\n",
    )

    assert [fault.partition(": ")[2] for fault in faults_of(smtp_profile=["ops"])] == [
        "another channel or SMTP profile has this name; choose one.",
        "another channel or SMTP profile has this name; choose one.",
        "fallback 'a': another channel or SMTP profile is accepted; there: 'ops', 'spare'.",
        "another channel or SMTP profile has this name; choose one.",
        "fallback 'nobody': another profile is accepted; there: 'a', 'spare'.",
    ]


def test_a_file_that_is_named_must_be_there(faults_of: FaultsOf) -> None:
    assert faults_of(notify_config="none.ini") == [
        "--notify-config none.ini: No such file or directory."
    ]


def test_whoever_has_no_use_for_mail_does_not_read_its_files(
    load: Load, conf: Callable[[str, str], None], tmp_path: Path
) -> None:
    conf("nonsense", "nonsense")

    settings = load_settings({}, environ={}, folder=tmp_path, mail=False)

    assert settings.mail == MailSettings()
