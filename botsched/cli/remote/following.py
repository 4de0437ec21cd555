"""What a run prints, as it comes."""

from typing import TYPE_CHECKING

import click

from botsched.cli.remote.words import took

if TYPE_CHECKING:
    from botsched.client import Client


def follow(client: "Client", execution_id: str) -> int:
    """Print the output of a run until it has ended; return 0 when it succeeded, else 1.

    What it wrote to its standard error goes to ours, and there how it ended is told.
    """
    try:
        for piece in client.follow(execution_id):
            click.echo(piece.text, nl=False, err=piece.stream == "err")
        ended = client.wait(execution_id)
    except KeyboardInterrupt:
        stop = f'"bots-scheduler executions stop {execution_id}"'
        click.echo(f"The run goes on; {stop} stops it.", err=True)
        raise
    reason = f": {ended.description}" if ended.description else ""
    click.echo(f"{ended.job_name}: {ended.state} after {took(ended.duration)}{reason}", err=True)
    return 0 if ended.succeeded else 1
