"""``jobs add`` and ``jobs change``."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from botsched.cli.commands.jobs.timing import check_scheduled, schedule_data, schedule_flags
from botsched.cli.remote.asking import arguments, job_of, named, value
from botsched.cli.remote.connecting import as_json, speaking
from botsched.cli.remote.printing import print_json
from botsched.cli.remote.words import full

if TYPE_CHECKING:
    from botsched.client import Client

Function = TypeVar("Function", bound=Callable[..., Any])

_json_arguments = click.option("--arguments", "as_data", metavar="JSON", help="A list or object.")


def _flags(function: Function) -> Function:
    """The flags that say what a job is."""
    for flag in reversed(
        (
            schedule_flags,
            click.option("--timezone", metavar="ZONE", help="Time zone of the schedule."),
            click.option("--tag", "tags", metavar="TAG", multiple=True, help="A tag, or several."),
            click.option("--notes", metavar="TEXT", help="What it is for."),
            click.option(
                "--set",
                "settings",
                metavar="KEY=VALUE",
                multiple=True,
                help="Any other key of the REST API, such as time_limit=600; JSON or text.",
            ),
        )
    ):
        function = flag(function)
    return function


@click.command()
@click.argument("name")
@click.argument("job_class", metavar="CLASS")
@click.argument("words", metavar="[ARGUMENT]...", nargs=-1)
@_json_arguments
@_flags
@as_json
@speaking
def add(
    client: "Client", words: tuple[str, ...], as_data: str | None, *, as_json: bool, **said: Any
) -> None:
    """Add a job.

    NAME may be one that others have. CLASS is such as jobs.shell_command.ShellCommand. ARGUMENTs
    are texts; others, and arguments by name, go by --arguments. Several schedules make one. Behind
    -- an ARGUMENT may begin with a dash.
    """
    body = _body(arguments(as_data, words), **said)
    check_scheduled(body)
    answer = client.request("POST", "jobs", body)
    if as_json:
        print_json(answer)
    else:
        _tell(client, answer["job_id"], "is added")


@click.command()
@click.argument("job")
@click.option("--name", metavar="NAME", help="Another name.")
@click.option("--class", "job_class", metavar="CLASS", help="Another class.")
@_json_arguments
@_flags
@as_json
@speaking
def change(client: "Client", job: str, as_data: str | None, *, as_json: bool, **said: Any) -> None:
    """Change what is given of a job, and leave the rest.

    "--set KEY=null" gives a rule back to the server's default.
    """
    body = _body(arguments(as_data), **said)
    if not body:
        raise click.UsageError("Say what is to be changed.")
    answer = client.request("PUT", named("jobs", job_of(client, job)["job_id"]), body)
    if as_json:
        print_json(answer)
    else:
        _tell(client, answer["job_id"], "is changed")


def _body(
    given: Any,
    name: str | None,
    job_class: str | None,
    tags: tuple[str, ...],
    notes: str | None,
    timezone: str | None,
    settings: tuple[str, ...],
    **timing: Any,
) -> dict[str, Any]:
    """The keys of a request that are given."""
    keys = {
        "name": name,
        "job_class_string": job_class,
        "pub_args": given,
        "tags": list(tags) or None,
        "notes": notes,
        "timezone": timezone,
    }
    said = {key: value for key, value in keys.items() if value is not None}
    said |= schedule_data(**timing)
    for key, given_value in map(_setting, settings):
        if key in said:
            raise click.UsageError(f"--set {key}: the {key} is given already; give it once.")
        said[key] = given_value
    return said


def _setting(text: str) -> tuple[str, Any]:
    key, sign, given = text.partition("=")
    if not sign or not key:
        raise click.UsageError(f"--set {text!r}: write KEY=VALUE, for example time_limit=600.")
    from botsched.domain.rules import REQUESTED

    data = value(given)
    if key in REQUESTED and isinstance(data, str) and data.lstrip().startswith(("[", "{")):
        raise click.UsageError(f"--set {key}: {given!r} is no JSON; mind quotes and brackets.")
    return key, data


def _tell(client: "Client", job_id: str, what: str) -> None:
    job = job_of(client, job_id)
    click.echo(f"{job['name']} {what}: {job['schedule']}")
    click.echo(f"  id        {job['job_id']}")
    click.echo(f"  next run  {'paused' if job['paused'] else full(job['next_run_time'])}")
