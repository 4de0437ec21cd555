import stat
from pathlib import Path

import pytest

from botsched.proxy import hashes, htpasswd
from tests.unit.cli.conftest import Bots


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash at the lowest cost: the real one takes a quarter of a second each."""
    original = hashes.bcrypt.gensalt
    monkeypatch.setattr(hashes.bcrypt, "gensalt", lambda *args, **kwargs: original(4))


def test_users_are_added_listed_and_removed(bots: Bots, tmp_path: Path) -> None:
    assert bots("user", "add", "ann", "--stdin", stdin="first secret\n").out == "ann may log in.\n"
    bots("user", "add", "bob", "--stdin", stdin="second secret\n")
    assert bots("user", "list").out == "ann\nbob\n"

    bots("user", "remove", "ann")

    assert bots("user", "list").out == "bob\n"
    assert stat.S_IMODE((tmp_path / ".htpasswd").stat().st_mode) == 0o600


def test_a_password_is_changed(bots: Bots, tmp_path: Path) -> None:
    bots("user", "add", "ann", "--stdin", stdin="before\n")
    before = htpasswd.read(tmp_path / ".htpasswd")["ann"]

    assert bots("user", "passwd", "ann", "--stdin", stdin="after\n").code == 0

    assert htpasswd.read(tmp_path / ".htpasswd")["ann"] != before


def test_the_file_may_come_from_the_environment(
    bots: Bots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOTS_SCHEDULER_HTPASSWD", "users")

    bots("user", "add", "ann", "--stdin", stdin="secret\n")

    assert (tmp_path / "users").exists()


def test_a_refused_first_user_leaves_no_empty_file(bots: Bots, tmp_path: Path) -> None:
    ended = bots("user", "add", "a:b", "--stdin", stdin="secret\n")

    assert ended.code == 2
    assert "colon" in ended.err
    assert not (tmp_path / ".htpasswd").exists()


def test_without_terminal_the_password_needs_the_flag(bots: Bots) -> None:
    ended = bots("user", "add", "ann", stdin="secret\n")

    assert ended.code == 2
    assert "--stdin" in ended.err


@pytest.mark.parametrize(("name", "told"), [("ann", "already"), ("a:b", "colon")])
def test_who_cannot_be_added_is_told_before_a_password_is_asked_for(
    bots: Bots, name: str, told: str
) -> None:
    bots("user", "add", "ann", "--stdin", stdin="secret\n")

    ended = bots("user", "add", name)

    assert ended.code == 2
    assert told in ended.err


def test_an_unknown_user_is_named(bots: Bots) -> None:
    bots("user", "add", "ann", "--stdin", stdin="secret\n")

    for arguments in (("passwd", "bob", "--stdin"), ("remove", "bob")):
        ended = bots("user", *arguments, stdin="x\n")
        assert (ended.code, "'bob'" in ended.err) == (2, True)
