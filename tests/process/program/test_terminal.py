"""The commands that speak to a server, at a terminal and through the proxy."""

import pytest

from botsched.client import access
from tests.support.certificates import write_self_signed
from tests.support.program import PASSWORD, USER
from tests.support.terminal import type_at_terminal

pytestmark = pytest.mark.slow

GREET = "own.tests_of_it.Greet"
LONG = "Greet everybody who has come, and those who are still on their way"


def test_somebody_at_a_terminal_is_asked_for_the_password_alone(make_program, tmp_path) -> None:
    certificate = write_self_signed(tmp_path / "server.pem", host="127.0.0.1")
    program = make_program("--certificate", str(certificate)).start()
    program.add_job(GREET, "Ann", name=LONG)
    environ = {
        access.SERVER: f"https://127.0.0.1:{program.port}",
        access.CA: str(certificate),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "TERM": "xterm-256color",
    }

    def at_terminal(*command: str, password: str = PASSWORD) -> tuple[int, list[str]]:
        flags = [*command, "--user", USER]
        code, screen = type_at_terminal(tmp_path, flags, [password], environ)
        prompt, *lines = screen.splitlines()
        assert prompt == f"Password of {USER}: "
        assert password not in screen
        return code, lines

    code, lines = at_terminal("jobs", "run", LONG, "--follow")
    assert (code, lines[:1]) == (0, ["Hello, Ann!"]), lines
    assert lines[1].startswith(f"{LONG}: succeeded after ")

    code, (heading, row) = at_terminal("jobs", "list")
    assert (code, heading.split()) == (0, ["NAME", "LAST", "RUN", "NEXT", "RUN", "SCHEDULE"])
    assert row.startswith("Greet everybody who")
    assert "…  succeeded " in row
    assert len(row) <= 80
    assert "\x1b" not in row

    code, lines = at_terminal("logs", password="of somebody else")
    assert (code, len(lines)) == (1, 1)
    assert f"the password of {USER!r} is wrong" in lines[0]
