"""``service``: a unit for systemd."""

import os
import shutil
import sys
from pathlib import Path

import click

from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.cli.login import has_user, login_name
from botsched.settings.load import load_settings


@click.command(cls=SettingsCommand, short_help="Print a unit by which systemd runs the server.")
@click.option("--as", "user", metavar="USER", help="Who runs it. By default who asks.")
@settings_flags()
def service(*, user: str | None, **flags: object) -> int:
    """Print a systemd unit that does what "run" with these flags does here.

    It names the current folder and the flags and variables that are given now. Nothing is written
    or started.
    """
    settings = load_settings(flags)
    from botsched.cli.unit import Service, arguments

    runs_it = login_name() if user is None else user
    found = Service(_program(), arguments(flags, os.environ), Path.cwd(), runs_it)
    click.echo(found.unit(settings), nl=False)
    if not has_user(runs_it):
        click.echo(f"There is no user {runs_it!r} on this machine yet; see useradd(8).", err=True)
    return 0


def _program() -> tuple[str, ...]:
    """How this program is started from anywhere."""
    launcher = os.environ.get("BOTS_SCHEDULER_STARTED_AS") or sys.argv[0]
    if Path(launcher).name == "bots-scheduler" and (found := shutil.which(launcher)):
        return (str(Path(found).absolute()),)
    return (sys.executable, "-P", "-m", "botsched")
