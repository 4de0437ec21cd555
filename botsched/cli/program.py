"""The program's commands in one group, and what becomes of their errors."""

import errno
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from io import TextIOWrapper

import click

from botsched import __version__
from botsched.cli import exits
from botsched.cli.commands.apply import apply
from botsched.cli.commands.backup import backup, restore
from botsched.cli.commands.check import check
from botsched.cli.commands.clean import clean, reset
from botsched.cli.commands.executions import executions
from botsched.cli.commands.export import export
from botsched.cli.commands.files import files
from botsched.cli.commands.imports import imports
from botsched.cli.commands.jobs import jobs
from botsched.cli.commands.logs import logs
from botsched.cli.commands.mails import mails
from botsched.cli.commands.run import run
from botsched.cli.commands.service import service
from botsched.cli.commands.trust import trust
from botsched.cli.commands.upgrade import upgrade
from botsched.cli.commands.user import user
from botsched.cli.commands.verify import verify
from botsched.errors import BotsError, SettingsError
from botsched.settings.options import BY_NAME

NAME = "bots-scheduler"
_DEBUG = BY_NAME["debug"].variable
_HELP = getattr(click.exceptions, "NoArgsIsHelpError", ())  # click 8.1 shows it by itself


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    invoke_without_command=True,
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def program(context: click.Context) -> None:
    """Run jobs at their times, each run recorded, behind a login over TLS.

    "bots-scheduler run" starts with sensible defaults in the current folder and prints the
    address to open. "bots-scheduler COMMAND --help" tells more of a command.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


_COMMANDS = (
    run,
    check,
    jobs,
    executions,
    files,
    mails,
    logs,
    imports,
    export,
    apply,
    verify,
    user,
    trust,
    service,
    backup,
    restore,
    upgrade,
    clean,
    reset,
)
for command in _COMMANDS:
    program.add_command(command)


def main() -> None:
    """Run the command that the arguments name, and exit."""
    _fill_standard_streams()
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a character
    sys.exit(outcome(sys.argv[1:]))


def _fill_standard_streams() -> None:
    """Put nothing where a shell has closed one, as by ``>&-``: a file or socket would take it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123


def outcome(arguments: list[str]) -> int:
    """Return the exit code; every error has become one message by then."""
    debug = "--debug" in arguments or bool(os.environ.get(_DEBUG))
    return concluded(
        lambda: int(program.main(arguments, prog_name=NAME, standalone_mode=False) or 0), debug
    )


def concluded(work: Callable[[], int], debug: bool = False) -> int:
    """Do it, and return the exit code; its errors are told, those of ours without traceback."""
    try:
        return work()
    except BrokenPipeError:  # the reader of our output has gone, as in "... | head"
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.UNEXPECTED
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the last stop before a user
        messages, code = _explain(error)
        if debug and _is_unexpected(error):
            traceback.print_exception(error)
        if isinstance(error, click.Abort) and error.__cause__ is None:
            click.echo(err=True)  # a question that was not answered left its line open
        is_help = isinstance(error, _HELP)
        for message in messages:
            click.echo(message if is_help else f"{NAME}: {message}", err=True)
        return code


def _is_unexpected(error: BaseException) -> bool:
    expected = (click.Abort, click.ClickException, BotsError, KeyboardInterrupt)
    return not isinstance(error, expected)


def _explain(error: BaseException) -> tuple[Sequence[str], int]:
    """Return what to tell the user, and the exit code."""
    match error:
        case click.Abort() | KeyboardInterrupt():
            return ["interrupted."], exits.INTERRUPTED
        case click.NoSuchOption():
            # Click calls near what is not: --frob is not meant to be --jobs.
            near = get_close_matches(error.option_name, error.possibilities or (), cutoff=0.75)
            told = click.NoSuchOption(error.option_name, possibilities=near)
            return [told.format_message()], error.exit_code
        case click.ClickException():
            return [error.format_message()], error.exit_code
        case SettingsError():
            return error.faults, exits.exit_code(error)
        case BotsError():
            return [str(error)], exits.exit_code(error)
        case _:
            return _explain_foreign(error)


def _explain_foreign(error: BaseException) -> tuple[Sequence[str], int]:
    """The same of an error that is neither ours nor click's."""
    match error:
        case UnicodeEncodeError(encoding="utf-8"):
            return [f"{error.object!r} is not text in UTF-8."], exits.USAGE
        case OSError(errno=errno.ENOSPC, filename=None):
            return [f"what is printed cannot be written: {error.strerror}."], exits.UNEXPECTED
        case _:
            what = f"{type(error).__name__}: {error}"
            return [f"unexpected {what} ({_DEBUG}=1 shows where)"], exits.UNEXPECTED
