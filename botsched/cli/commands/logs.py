"""``logs``: who did what on a server."""

from typing import TYPE_CHECKING, Any

import click

from botsched.cli.remote.asking import address, job_of, past
from botsched.cli.remote.connecting import as_json, speaking
from botsched.cli.remote.printing import Column, more, print_json, print_table
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
@click.option("--since", type=past, metavar="TIME", help="Since then. [24h]")
@click.option("--until", type=past, metavar="TIME", help="Before.")
@click.option("--job", metavar="JOB", help="About this job, by its id or its name.")
@click.option("--event", metavar="EVENT", help="Such as added, modified, paused or login.")
@click.option("--by", "who", metavar="NAME", help="What this user did.")
@click.option("--text", metavar="TEXT", help="A part of job, user or description.")
@click.option("-n", "--limit", metavar="COUNT", type=int, default=30, help="How many. [30]")
@as_json
@speaking
def logs(
    client: "Client",
    since: str | None,
    until: str | None,
    job: str | None,
    who: str | None,
    *,
    as_json: bool,
    **filters: Any,
) -> None:
    """List the audit log, the newest first.

    The server and the login are found as for "bots-scheduler jobs". TIME is such as 2h or 3d, for
    so long ago, or 2027-03-01T12:30, on the clock of this machine.
    """
    job_id = job_of(client, job)["job_id"] if job else None
    period = {"time_range_start": since, "time_range_end": until}
    answer = client.request("GET", address("logs", job_id=job_id, user=who, **period, **filters))
    if as_json:
        print_json(answer)
        return
    print_table(_COLUMNS, map(_row, answer["logs"]))
    more(answer)


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    what = " ".join(filter(None, (entry["job_name"], entry["description"])))
    return short(entry["created_time"]), entry["user"] or "-", entry["event"], what
