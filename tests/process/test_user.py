"""Passwords typed at a terminal."""

import os
import subprocess
import sys
from pathlib import Path

from botsched.proxy import hashes, htpasswd


def type_at_terminal(folder: Path, command: list[str], lines: list[str]) -> tuple[int, str]:
    """Answer each prompt of a command with the next line; return exit code and screen."""
    terminal, inside = os.openpty()
    screen = ""
    with subprocess.Popen(
        [sys.executable, "-m", "botsched", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        stdin=inside,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
    ) as process:
        os.close(inside)
        for line in lines:
            asked = ""
            while not asked.endswith(("Password: ", "Again: ")):
                asked += os.read(terminal, 1024).decode()
            screen += asked
            os.write(terminal, f"{line}\n".encode())
        while True:
            try:
                screen += os.read(terminal, 1024).decode()
            except OSError:  # the other side has closed it
                break
    os.close(terminal)
    return process.returncode, screen


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
