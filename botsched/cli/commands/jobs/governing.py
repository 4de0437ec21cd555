"""``jobs pause``, ``resume``, ``run`` and ``delete``."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from botsched.cli.remote.asking import agree, arguments, job_of, moment, named
from botsched.cli.remote.connecting import as_json, speaking
from botsched.cli.remote.following import follow
from botsched.cli.remote.printing import print_json
from botsched.cli.remote.words import full

if TYPE_CHECKING:
    from botsched.client import Client


@click.command()
@click.argument("job")
@click.option(
    "--until", type=moment, metavar="TIME", help="It goes on then, on the clock of its zone."
)
@as_json
@speaking
def pause(client: "Client", job: str, until: datetime | None, *, as_json: bool) -> None:
    """Pause a job, until it is resumed or until a time."""
    found = _deed(client, job, "pause", {} if until is None else {"until": until}, as_json=as_json)
    end = f" until {full(found['paused_until'])}" if found["paused_until"] else ""
    if not as_json:
        click.echo(f"{found['name']} is paused{end}.")


@click.command()
@click.argument("job")
@as_json
@speaking
def resume(client: "Client", job: str, *, as_json: bool) -> None:
    """Let a paused job go on."""
    found = _deed(client, job, "resume", {}, as_json=as_json)
    if not as_json:
        click.echo(f"{found['name']} goes on; next run: {full(found['next_run_time'])}")


@click.command()
@click.argument("job")
@click.argument("words", metavar="[ARGUMENT]...", nargs=-1)
@click.option("--arguments", "as_data", metavar="JSON", help="A list or object.")
@click.option("-f", "--follow", "following", is_flag=True, help="Show its output until it ends.")
@as_json
@speaking
def run(
    client: "Client",
    job: str,
    words: tuple[str, ...],
    as_data: str | None,
    *,
    following: bool,
    as_json: bool,
) -> int:
    """Run a job now, with its own arguments or with other ones for this run.

    The id of the execution is printed. With --follow it is instead what the job prints, and the
    exit code is 0 when it succeeded, else 1.
    """
    if following and as_json:
        raise click.UsageError("--follow shows the output itself; leave --json off.")
    given = arguments(as_data, words)
    found = job_of(client, job)
    body = {} if given is None else {"pub_args": given}
    answer = client.request("POST", f"{named('jobs', found['job_id'])}/run", body)
    if as_json:
        print_json(answer)
    elif following:
        return follow(client, answer["execution_id"])
    else:
        click.echo(answer["execution_id"])
    return 0


@click.command()
@click.argument("job")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@speaking
def delete(client: "Client", job: str, *, yes: bool, as_json: bool) -> None:
    """Delete a job; its executions stay."""
    found = job_of(client, job)
    agree(f"Delete {found['name']} ({found['schedule']})?", yes=yes)
    answer = client.request("DELETE", named("jobs", found["job_id"]))
    if as_json:
        print_json(answer)
    else:
        click.echo(f"{found['name']} is deleted; its executions stay.")


def _deed(
    client: "Client", job: str, deed: str, body: dict[str, Any], *, as_json: bool
) -> dict[str, Any]:
    """Do it, print the answer if that is wanted, and give the job as it is then."""
    job_id = job_of(client, job)["job_id"]
    answer = client.request("POST", f"{named('jobs', job_id)}/{deed}", body)
    if as_json:
        print_json(answer)
    return job_of(client, job_id)
