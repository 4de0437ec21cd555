"""Passwords typed at a terminal."""

from pathlib import Path

from botsched.proxy import hashes, htpasswd
from tests.support.terminal import type_at_terminal


def test_a_password_is_asked_for_twice_and_never_shown(tmp_path: Path) -> None:
    code, screen = type_at_terminal(tmp_path, ["user", "add", "ann"], ["one secret", "one secret"])

    assert code == 0
    assert "secret" not in screen
    assert hashes.matches(b"one secret", htpasswd.read(tmp_path / ".htpasswd")["ann"])


def test_two_different_passwords_are_asked_for_again(tmp_path: Path) -> None:
    code, screen = type_at_terminal(
        tmp_path, ["user", "add", "ann"], ["right", "wrong", "right", "right"]
    )

    assert code == 0
    assert "do not match" in screen
