import errno
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from botsched import __version__
from botsched.cli.program import program
from botsched.errors import ExecutionError, StartError, StoreCorruptError
from tests.unit.cli.conftest import Bots

COMMANDS: list[Sequence[str]] = [
    (),
    *((name,) for name in program.commands),
    *(("user", name) for name in ("add", "passwd", "remove", "list")),
    ("jobs", "preview"),
]


def test_the_version_is_told(bots: Bots) -> None:
    assert bots("--version").out == f"bots-scheduler {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_fits_a_terminal_of_80_columns(bots: Bots, command: Sequence[str]) -> None:
    ended = bots(*command, "--help")

    assert ended.code == 0
    assert max(len(line) for line in ended.out.splitlines()) <= 80


def test_no_arguments_ask_for_help(bots: Bots) -> None:
    assert bots() == bots("--help")


def test_a_group_without_a_command_shows_its_help(bots: Bots) -> None:
    ended = bots("mails")

    assert (ended.out + ended.err).startswith("Usage: bots-scheduler mails [OPTIONS] COMMAND")


@pytest.mark.parametrize("command", ["", "run", "check", "user", "jobs preview"])
def test_help_imports_nothing_large(command: str) -> None:
    code = (
        "import sys; from botsched.cli.program import outcome\n"
        f"outcome([*{command!r}.split(), '--help'])\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = set(ended.stderr.split())
    assert "click" in loaded
    assert not loaded & {"mitmproxy", "sqlalchemy", "tornado", "apscheduler", "passlib"}


def test_all_wrong_values_are_told_a_line_each(bots: Bots) -> None:
    ended = bots("run", "--port", "http", "--jobs", "nowhere")

    assert ended.code == 2
    assert ended.err.splitlines() == [
        "bots-scheduler: --port http: accepted is a whole number from 1 to 65534.",
        ended.err.splitlines()[1],
    ]
    assert "No such file or directory" in ended.err


def test_trust_takes_a_certificate_or_a_fingerprint(bots: Bots, tmp_path: Path) -> None:
    (tmp_path / "server.pem").touch()
    ended = bots("trust", "host", "--certificate", "server.pem", "--fingerprint", "AB")

    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "--certificate or --fingerprint, not both" in ended.err


def test_an_unknown_flag_is_one_line(bots: Bots) -> None:
    ended = bots("run", "--prt", "80")

    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert "--prt" in ended.err


@pytest.mark.parametrize(
    ("given", "meant"), [("--job", "--jobs"), ("--prot", "--port"), ("--frob", None)]
)
def test_only_what_is_near_is_suggested(bots: Bots, given: str, meant: str | None) -> None:
    told = bots("run", given, "x").err

    assert f"No such option '{given}'" in told.replace(f": {given}", f" '{given}'")
    assert ("Did you mean" in told) == bool(meant)
    assert (meant or "") in told


@pytest.mark.parametrize("command", ["run", "check", "clean", "reset"])
def test_help_shows_no_flag_that_the_command_lacks(bots: Bots, command: str) -> None:
    named = set(re.findall(r"--[a-z][a-z-]+", bots(command, "--help").out))
    known = {
        flag
        for parameter in program.commands[command].params
        for flag in (*parameter.opts, *parameter.secondary_opts)
    }

    assert named <= known | {"--help"}


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """Give the program a command ``fail`` that raises what is put into the list."""
    raised: list[BaseException] = []

    @click.command()
    @click.option("--debug", is_flag=True)
    def fail(debug: bool) -> None:
        raise raised[0]

    monkeypatch.setitem(program.commands, "fail", fail)
    return raised


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StartError("Port 8888 is taken."), 3),
        (StoreCorruptError("The file is damaged."), 4),
        (ExecutionError("No."), 1),
    ],
)
def test_our_errors_are_one_message_and_a_code(
    bots: Bots, failing: list[BaseException], error: Exception, code: int
) -> None:
    failing.append(error)

    for debug in ((), ("--debug",)):
        ended = bots("fail", *debug)

        assert (ended.code, ended.err) == (code, f"bots-scheduler: {error}\n")


def test_an_unexpected_error_shows_its_traceback_only_when_asked(
    bots: Bots, failing: list[BaseException]
) -> None:
    failing.append(ZeroDivisionError("division by zero"))

    ended = bots("fail")

    assert ended.code == 1
    assert ended.err == (
        "bots-scheduler: unexpected ZeroDivisionError: division by zero "
        "(BOTS_SCHEDULER_DEBUG=1 shows where)\n"
    )
    assert "Traceback" in bots("fail", "--debug").err


def test_a_full_disk_behind_the_output_is_one_line(
    bots: Bots, failing: list[BaseException]
) -> None:
    failing.append(OSError(errno.ENOSPC, "No space left on device"))

    assert bots("fail").err == (
        "bots-scheduler: what is printed cannot be written: No space left on device.\n"
    )


def test_a_terminal_that_lacks_a_character_is_printed_to() -> None:
    code = (
        "import click, sys; from botsched.cli.program import main, program\n"
        "program.add_command(click.Command('say', callback=lambda: click.echo('日é')))\n"
        "sys.argv[1:] = ['say']; main()"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}

    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment
    )

    assert (ended.stdout, ended.stderr) == (b"\\u65e5\xe9\n", b"")


def test_closed_streams_are_no_error() -> None:
    code = (
        "import click, sys; from botsched.cli.program import main, program\n"
        "def look(): [each.isatty() for each in (sys.stdin, sys.stdout, sys.stderr)]\n"
        "program.add_command(click.Command('look', callback=look))\n"
        "sys.argv[1:] = ['look']; main()"
    )

    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        shell = ["sh", "-c", f'"$@" {closed}', "sh", sys.executable, "-c", code]
        ended = subprocess.run(shell, capture_output=True, check=False)
        assert (ended.returncode, ended.stderr) == (0, b"")


def test_an_interruption_is_tidy(bots: Bots, failing: list[BaseException]) -> None:
    failing.append(KeyboardInterrupt())

    ended = bots("fail")

    assert ended.code == 130
    assert ended.err == "\nbots-scheduler: interrupted.\n"


def test_what_interrupts_a_question_is_told_on_a_line_of_its_own(
    bots: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command(name="ask")
    def ask() -> None:
        click.confirm("Do this?")

    monkeypatch.setitem(program.commands, "ask", ask)

    ended = bots("ask", stdin="")

    assert ended.code == 130
    assert (ended.out + ended.err).endswith("[y/N]: \nbots-scheduler: interrupted.\n")
