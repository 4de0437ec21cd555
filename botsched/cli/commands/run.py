"""``run``: the server itself."""

import click

from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.settings.load import load_settings


@click.command(cls=SettingsCommand)
@settings_flags()
def run(**flags: object) -> int:
    """Start the scheduler and its proxy, until a signal stops them.

    Everything is kept in the current folder unless told otherwise. SIGTERM or Ctrl-C stops in
    order; a second one hurries.
    """
    settings = load_settings(flags)  # its faults are known before anything large is loaded
    from botsched.app import run as run_app

    return run_app(settings)
