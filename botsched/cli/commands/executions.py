"""``executions``: what ran and runs on a server."""

import json
from typing import TYPE_CHECKING, Any

import click

from botsched.cli.remote.asking import named
from botsched.cli.remote.connecting import as_json, speaking
from botsched.cli.remote.following import follow
from botsched.cli.remote.listing import Listing, listed
from botsched.cli.remote.printing import Column, print_facts, print_json
from botsched.cli.remote.words import full, short, took
from botsched.notify.wording import size

if TYPE_CHECKING:
    from botsched.client import Client

_COLUMNS = (
    Column("id"),
    Column("state"),
    Column("when"),
    Column("took"),
    Column("job", flexible=True),
)
_execution = click.argument("execution_id", metavar="EXECUTION")


@click.group(short_help="See what ran and runs on a server; follow and stop it.")
def executions() -> None:
    """See, follow and stop executions of a server.

    The server and the login are found as for "bots-scheduler jobs". EXECUTION is an id.
    """


@executions.command("list")
@click.option(
    "--state",
    metavar="STATE",
    multiple=True,
    help="scheduled, running, stopping, stopped, failed, succeeded, timeout, missed, skipped, lost "
    'or "scheduled error"; any of them, if several.',
)
@click.option("--text", metavar="TEXT", help="A part of name, class, arguments or description.")
@listed(
    job="Of this job only, by its id or its name.",
    since="Updated since then. [24h]",
    until="Updated before.",
)
def list_(client: "Client", **given: Any) -> None:
    """List executions, the last updated first.

    TIME is such as 2h or 3d, for so long ago, or 2027-03-01T12:30, on the clock of this machine.
    """
    Listing("executions", _COLUMNS, _row).show(client, **given)


@executions.command()
@_execution
@as_json
@speaking
def show(client: "Client", execution_id: str, *, as_json: bool) -> None:
    """Show all of an execution."""
    found = client.request("GET", named("executions", execution_id))
    if as_json:
        print_json(found)
    else:
        print_facts(found["job"]["name"], _facts(found))


@executions.command()
@_execution
@click.option("-f", "--follow", "following", is_flag=True, help="Go on until it ends.")
@speaking
def output(client: "Client", execution_id: str, *, following: bool) -> int:
    """Print what an execution has printed.

    With --follow the exit code is 0 when it succeeded, else 1.
    """
    if following:
        return follow(client, execution_id)
    click.echo(client.output(execution_id), nl=False)
    return 0


@executions.command()
@_execution
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "html", "json"]),
    default="text",
    help="As what; csv is for tables. [text]",
)
@click.option(
    "--table",
    metavar="NUMBER",
    type=click.IntRange(1, 100_000),
    help="Only this one of its tables and plots. With csv, the first one without it.",
)
@speaking
def report(client: "Client", execution_id: str, *, form: str, table: int | None) -> None:
    """Print the report of an execution."""
    told = client.report(execution_id, form, table)
    if form == "json":
        print_json(json.loads(told))
    else:
        click.echo(told, nl=False)


@executions.command()
@_execution
@as_json
@speaking
def stop(client: "Client", execution_id: str, *, as_json: bool) -> None:
    """Stop an execution."""
    answer = client.request("DELETE", named("executions", execution_id))
    if as_json:
        print_json(answer)
    else:
        click.echo(f"{execution_id} is being stopped.")


def _row(execution: dict[str, Any]) -> tuple[str, ...]:
    return (
        execution["execution_id"],
        execution["state"],
        short(execution["started_time"] or execution["scheduled_time"]),
        took(execution["duration"]),
        execution["job"]["name"],
    )


def _facts(execution: dict[str, Any]) -> dict[str, str]:
    return {
        "id": execution["execution_id"],
        "state": execution["state"],
        "why": execution["description"],
        "job": f"{execution['job']['job_id']}, {execution['job']['job_class_string']}",
        "arguments": json.dumps(execution["job"]["pub_args"], ensure_ascii=False),
        "asked by": execution["user"] or "",
        "attempt": str(execution["attempt"]),
        "scheduled": full(execution["scheduled_time"]),
        "started": full(execution["started_time"]),
        "ended": full(execution["ended_time"]),
        "took": took(execution["duration"]),
        "progress": _progress(execution),
        "where": f"{execution['hostname']}, process {execution['pid']}" if execution["pid"] else "",
        "printed": size(execution["output_bytes"]),
        "result": execution["result"],
        "mails": "\n".join(map(_mail, execution["mails"])),
    }


def _mail(mail: dict[str, Any]) -> str:
    return f"{mail['mail_id']} {mail['profile']}: {mail['state']}"


def _progress(execution: dict[str, Any]) -> str:
    if execution["progress"] is None:
        return ""
    return f"{execution['progress']:.0%} {execution['progress_text'] or ''}".rstrip()
