"""``jobs``: the jobs of a server, from the terminal."""

import click

from botsched.cli.commands.jobs.changing import add, change
from botsched.cli.commands.jobs.governing import delete, pause, resume, run
from botsched.cli.commands.jobs.preview import preview
from botsched.cli.commands.jobs.reading import list_, show


@click.group(short_help="See, add, change, pause and run jobs of a server.")
def jobs() -> None:
    """See and govern the jobs of a server.

    The server and the login are found as the Python client finds them: --server and --user,
    BOTS_SCHEDULER_SERVER, BOTS_SCHEDULER_USER and BOTS_SCHEDULER_PASSWORD, or the file
    ~/.config/bots-scheduler/client.ini. A password that is nowhere is asked for. JOB is an id, or a
    name that only one job has.
    """


for command in (list_, show, add, change, pause, resume, run, delete, preview):
    jobs.add_command(command)
