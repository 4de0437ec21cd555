"""The program's commands in one group, and what becomes of their errors."""

import os
import sys
import traceback
from collections.abc import Sequence

import click

from botsched import __version__
from botsched.cli import exits
from botsched.cli.commands.check import check
from botsched.cli.commands.clean import clean, reset
from botsched.cli.commands.run import run
from botsched.cli.commands.user import user
from botsched.errors import BotsError, SettingsError

NAME = "bots-scheduler"


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


for command in (run, check, user, clean, reset):
    program.add_command(command)


def main() -> None:
    """Run the command that the arguments name, and exit."""
    sys.exit(outcome(sys.argv[1:]))


def outcome(arguments: list[str]) -> int:
    """Return the exit code; every error has become one message by then."""
    try:
        return int(program.main(arguments, prog_name=NAME, standalone_mode=False) or 0)
    except BrokenPipeError:  # the reader of our output has gone, as in "... | head"
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.UNEXPECTED
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the last stop before a user
        if "--debug" in arguments:
            traceback.print_exception(error)
        messages, code = _explain(error)
        for message in messages:
            click.echo(f"{NAME}: {message}", err=True)
        return code


def _explain(error: BaseException) -> tuple[Sequence[str], int]:
    """Return what to tell the user, and the exit code."""
    match error:
        case click.Abort() | KeyboardInterrupt():
            return ["interrupted."], exits.INTERRUPTED
        case click.ClickException():
            return [error.format_message()], error.exit_code
        case SettingsError():
            return error.faults, exits.exit_code(error)
        case BotsError():
            return [str(error)], exits.exit_code(error)
        case _:
            what = f"{type(error).__name__}: {error}"
            return [f"unexpected {what} (--debug shows where)"], exits.UNEXPECTED
