"""``import``: jobs of other schedulers are taken over."""

import click

from botsched.cli.commands.imports.crontab import crontab
from botsched.cli.commands.imports.ecs import ecs
from botsched.cli.commands.imports.ndscheduler import ndscheduler


@click.group("import", short_help="Take over jobs of other schedulers.")
def imports() -> None:
    """Take over the jobs of other schedulers.

    Each shows first what will be done and what changes in meaning, and asks.
    """


imports.add_command(crontab)
imports.add_command(ecs)
imports.add_command(ndscheduler)
