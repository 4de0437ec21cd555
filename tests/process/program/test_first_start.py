"""The first start, and the second."""

import contextlib
import re
import stat
from pathlib import Path

import pytest

from tests.support.certificates import write_self_signed
from tests.support.program import FIRST_USER, Program, password_shown

pytestmark = pytest.mark.slow


def test_a_first_start_makes_a_login_and_shows_it_once(make_program):
    program: Program = make_program()
    users = program.folder / ".htpasswd"
    users.unlink()
    program.start()
    password = password_shown(program.output)

    assert stat.S_IMODE(users.stat().st_mode) == 0o600
    assert program.output.count(password) == 1
    assert f"  python -m botsched user passwd {FIRST_USER}\n" in program.output
    program.login = (FIRST_USER, password)
    assert program.ask("GET", "/api/v1/jobs").status == 200
    assert _traces_of(password, program) == []

    assert program.stop() == 0
    assert _files_with(password, program) == []
    program.start()
    assert "password" not in program.output
    assert program.ask("GET", "/api/v1/jobs").status == 200


def test_the_address_and_what_was_loaded_are_told(make_program):
    program: Program = make_program()
    (program.folder / "own" / "broken.py").write_text("def oops(:\n")
    program.start()
    told = program.output.splitlines()
    assert f"is ready: https://localhost:{program.port}/" in told[0]
    assert any(re.search(r"0 scheduled, \d\d job classes in", line) for line in told)
    fault = next(number for number, line in enumerate(told) if "FAULT" in line)
    assert "broken.py" in told[fault]
    assert "SyntaxError: invalid syntax" in told[fault + 1]
    assert any("database" in line and "bots-scheduler.db" in line for line in told)
    assert any("mail" in line and "--smtp-profile" in line for line in told)
    failures = program.get("classes")["failures"]
    assert [Path(failure["file"]).name for failure in failures] == ["broken.py"]
    job = program.add_job("own.tests_of_it.Greet")
    assert program.ran(job)["state"] == "succeeded"


def test_a_certificate_that_is_an_authority_is_explained_once(make_program):
    program: Program = make_program()
    write_self_signed(program.folder / "site.pem")
    program.start("--certificate", "site.pem")

    assert program.output.count("marked as an authority's") == 1
    assert "certificate authority" not in program.log


def _traces_of(password: str, program: Program) -> list[str]:
    """Where a password can be seen from outside: files, command lines, environments."""
    found = _files_with(password, program)
    for process in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            with contextlib.suppress(OSError):
                if password.encode() in (process / name).read_bytes():
                    found.append(f"{process}/{name}")
    return found


def _files_with(password: str, program: Program) -> list[str]:
    """Files with the password, but for what stands in for the terminal."""
    return [
        str(path)
        for path in program.folder.rglob("*")
        if path.is_file() and path.name != "out" and password.encode() in path.read_bytes()
    ]
