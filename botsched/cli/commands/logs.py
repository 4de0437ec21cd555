"""``logs``: who did what on a server."""

from typing import TYPE_CHECKING, Any

import click

from botsched.cli.remote.listing import Listing, listed
from botsched.cli.remote.printing import Column
from botsched.cli.remote.words import short

if TYPE_CHECKING:
    from botsched.client import Client

_COLUMNS = (
    Column("when"),
    Column("user"),
    Column("event"),
    Column("what", flexible=True),
)


@click.command(short_help="See who did what on a server.")
@click.option("--event", metavar="EVENT", help="Such as added, modified, paused or login.")
@click.option("--by", "who", metavar="NAME", help="What this user did.")
@click.option("--text", metavar="TEXT", help="A part of job, user or description.")
@listed(job="About this job, by its id or its name.", since="Since then. [24h]", until="Before.")
def logs(client: "Client", who: str | None, **given: Any) -> None:
    """List the audit log, the newest first.

    The server and the login are found as for "bots-scheduler jobs". TIME is such as 2h or 3d, for
    so long ago, or 2027-03-01T12:30, on the clock of this machine.
    """
    Listing("logs", _COLUMNS, _row).show(client, user=who, **given)


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    what = " ".join(filter(None, (entry["job_name"], entry["description"])))
    return short(entry["created_time"]), entry["user"] or "-", entry["event"], what
