import os
import pwd
from pathlib import Path

import pytest

from botsched.errors import SettingsError
from botsched.moving.crontab.lines import Dialect
from botsched.moving.crontab.sources import Reading, everywhere, found_files, read_file, user_exists

SYSTEM = b"* * * * * root /bin/x\n@daily www-data y\n"
OWN = b"* * * * * /bin/x\n0 0 * * * echo root\n"


def reading(column: bool | None = None, owner: str | None = None) -> Reading:
    return Reading(Dialect.DEBIAN, column, owner)


@pytest.mark.parametrize(
    ("name", "content", "users", "owner"),
    [
        ("/etc/crontab", OWN, True, None),
        ("/etc/cron.d/backup", OWN, True, None),
        ("/backup/etc/cron.d/x", OWN, True, None),
        ("/var/spool/cron/crontabs/ann", SYSTEM, False, "ann"),
        ("/var/spool/cron/ann", SYSTEM, False, "ann"),
        ("/var/spool/cron/tabs/ann", SYSTEM, False, "ann"),
        ("/home/ann/crontab", SYSTEM, True, None),
        ("/home/ann/crontab", OWN, False, None),
        ("standard input", SYSTEM, True, None),
        ("standard input", OWN, False, None),
        ("standard input", b"", False, None),
        # most lines tell it: one user may be of another machine
        ("x", SYSTEM + b"* * * * * no-such-user y\n", True, None),
        ("x", OWN + b"* * * * * root y\n", False, None),
        # a program of the same name may be meant
        ("x", b"* * * * * sync -f /srv\n", False, None),
    ],
)
def test_how_a_file_is_read(
    name: str, content: bytes, users: bool, owner: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "botsched.moving.crontab.sources.user_exists", {"root", "www-data", "sync"}.__contains__
    )

    source = reading().source(name, content)

    assert (source.user_column, source.owner) == (users, owner)
    assert source.how.startswith(f"{name}: ")
    assert ("--no-user-column" in source.how) == users


def test_what_the_user_says_goes_before() -> None:
    assert reading(column=True).source("x", OWN).user_column
    assert reading(column=True).source("x", OWN).how == "x: a user follows the times, as you say."
    own = reading(column=False).source("/etc/crontab", SYSTEM)
    assert not own.user_column
    assert "run by the user of the server, unless --user NAME names another one." in own.how
    named = reading(owner="bob").source("x", SYSTEM)
    assert (named.user_column, named.owner) == (False, "bob")
    assert named.how == "x: no users stand in it, as --user tells. It is the crontab of bob."


@pytest.mark.parametrize(
    ("folder", "dialect", "read"),
    [
        ("cron.d", Dialect.DEBIAN, ["A_2", "a-1"]),
        ("cron.d", Dialect.CRONIE, ["A_2", "a-1", "b.conf"]),
        ("spool/cron", Dialect.DEBIAN, ["A_2", "a-1", "b.conf", "x.rpmsave", "y~"]),
    ],
)
def test_folders_are_read_as_cron_reads_them(
    tmp_path: Path, folder: str, dialect: Dialect, read: list[str]
) -> None:
    place = tmp_path / folder
    place.mkdir(parents=True)
    names = ["A_2", "a-1", "b.conf", "x.rpmsave", "y~", ".hidden"]
    for name in (*names, ".placeholder"):
        (place / name).write_text("")
    (place / "more").mkdir()

    found = list(found_files([str(place), "other"], dialect))

    assert [each.name for each in found if isinstance(each, Path)] == [*read, "other"]
    told = {each.partition(": left out, as ")[::2] for each in found if isinstance(each, str)}
    assert told == {
        (str(place / "more"), "it is a folder; name it to have it read."),
        *(
            (str(place / name), "cron does not read files of such names.")
            for name in names
            if name not in read
        ),
    }


def test_what_is_no_file_is_left_out_of_folders(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a-pipe")
    (tmp_path / "gone").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "there").symlink_to("/dev/null")
    (tmp_path / "x").write_text("")
    (tmp_path / "y").symlink_to(tmp_path / "x")

    assert list(found_files([str(tmp_path)], Dialect.DEBIAN)) == [
        f"{tmp_path}/a-pipe: left out, as cron reads files alone: it is a pipe, socket or device.",
        f"{tmp_path}/gone: left out, as cron reads files alone: it is a link to nothing.",
        f"{tmp_path}/there: left out, as cron reads files alone: it is a link to no file.",
        tmp_path / "x",
        tmp_path / "y",
    ]


def test_a_file_has_one_name_wherever_it_is_named_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to(tmp_path / "tab")
    monkeypatch.chdir(tmp_path / "in")

    assert list(found_files(["../tab", "./link"], Dialect.DEBIAN)) == [
        tmp_path / "tab",
        tmp_path / "in" / "link",
    ]


@pytest.mark.parametrize("name", ["cron.daily", "cron.hourly"])
def test_folders_of_scripts_are_no_crontabs(name: str) -> None:
    with pytest.raises(SettingsError, match=f"/etc/{name} holds scripts and no crontab: lines of"):
        list(found_files([f"/etc/{name}"], Dialect.DEBIAN))


def test_what_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, large = tmp_path / "script", tmp_path / "large"
    script.write_text("#!/bin/sh\n")
    large.write_text("x" * 100)
    monkeypatch.setattr("botsched.moving.crontab.sources._LARGEST", 99)

    for path, told in (
        (script, "script is a script and no crontab"),
        (large, "large has more than 16 MiB"),
        (tmp_path / "missing", "missing cannot be read: No such file or directory."),
        (tmp_path, "cannot be read: Is a directory."),
    ):
        with pytest.raises(SettingsError, match=told.replace(".", r"\.")):
            read_file(path)
    large.write_text("y" * 99)
    assert read_file(large) == b"y" * 99


def test_users_of_this_machine() -> None:
    assert user_exists(pwd.getpwuid(os.getuid()).pw_name)
    assert not user_exists("no-such-user")
    assert not user_exists("a\0b")


def test_what_pam_gives_each_command(tmp_path: Path) -> None:
    file = tmp_path / "environment"
    file.write_text(
        '# proxies\nhttp_proxy=http://proxy:3128\nexport A="b c"\nPATH=/x\nLANG=C\nLC_ALL=C\nB C\n'
    )

    assert everywhere(file) == {"http_proxy": "http://proxy:3128", "A": "b c"}
    assert everywhere(tmp_path / "missing") == {}
    file.write_bytes(b"A=\xe9\n")
    assert everywhere(file) == {}
