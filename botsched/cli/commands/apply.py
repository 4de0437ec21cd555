"""``apply``: jobs as files say them."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from botsched.cli import exits
from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.cli.remote.connecting import user_flag
from botsched.domain.printable import printable
from botsched.errors import InvalidError, SettingsError
from botsched.settings.load import load_settings

if TYPE_CHECKING:
    from botsched.moving.files.folder import JobFile

FLAGS: Final = (
    *("dbms", "db_config", "db_profile"),
    *("executions_table", "jobs_table", "files_table", "logs_table"),
    *("jobs", "secrets_config", "smtp_config", "smtp_profile", "notify_config", "timezone"),
    "ecs_cluster",
)
_DIFFERENT: Final = 1
_PLACE: Final = re.compile(r"jobs\[(\d+)\]\.?(.*)")


@click.command(cls=SettingsCommand, short_help="Have the jobs be as files say.")
@click.argument(
    "paths", metavar="FOLDER|FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--set", "name", metavar="NAME", help="What manages them. [the folder's name]")
@click.option("--prune", is_flag=True, help="Delete jobs of the set that are in no file.")
@click.option("--take-over", is_flag=True, help="Take jobs that another set manages.")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@click.option("--check", is_flag=True, help="The same; exit code 1 when anything would be.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Show it as JSON, and do not ask.")
@click.option("--server", metavar="SERVER", help="Through the REST API of a server.")
@user_flag
@settings_flags(*FLAGS)
def apply(
    paths: tuple[Path, ...],
    name: str | None,
    server: str | None,
    user: str | None,
    *,
    prune: bool,
    take_over: bool,
    dry_run: bool,
    check: bool,
    yes: bool,
    as_json: bool,
    **flags: object,
) -> int:
    """Have the jobs be as files say: add, change and, with --prune, delete them.

    Each *.toml or *.json file holds a job, with the keys of POST /api/v1/jobs and its job_id. What
    is to be done is shown first; it is done in one transaction, or not at all. A server on a
    database that is a file has to do it itself: name it with --server; the login is found as for
    "bots-scheduler jobs".
    """
    from botsched.cli.login import login_name
    from botsched.cli.places import place_of
    from botsched.moving.files.folder import find_files, read_files, set_name

    files = read_files(find_files(paths))
    name = name or set_name(paths)
    if name is None:
        raise SettingsError("The files are in several folders: give the set a name, with --set.")
    body: dict[str, Any] = {
        "set": name,
        "jobs": [file.members for file in files],
        "prune": prune,
        "take_over": take_over,
    }
    with place_of(server, user, partial(load_settings, flags), f"{login_name()} (apply)") as place:
        plan = _by_file(files, partial(place.plan, body))
        _show(plan, as_json=as_json)
        todo = len(plan["steps"]) - plan["counts"]["keep"]
        if dry_run or check or not todo or (as_json and not yes):
            return _DIFFERENT if check and todo else 0
        place.require_free()
        if not yes and not click.confirm("\nDo this?"):
            click.echo("Nothing was done.")
            return exits.INTERRUPTED
        applied = _by_file(files, partial(place.apply, body | {"seen": plan["seen"]}))
    if not as_json:
        from botsched.cli.plans import done

        click.echo(done(applied))
    return 0


def _show(plan: Mapping[str, Any], *, as_json: bool) -> None:
    from botsched.cli.plans import lines

    click.echo(json.dumps(plan, indent=2) if as_json else "\n".join(lines(plan)))


def _by_file(files: "Sequence[JobFile]", ask: "partial[dict[str, Any]]") -> dict[str, Any]:
    """The answer. Raises SettingsError that names the file and the key of each fault."""
    from botsched import client
    from botsched.web.errors import MalformedError

    try:
        return ask()
    except (InvalidError, MalformedError, client.InvalidError) as error:
        if not error.fields:
            raise
        raise SettingsError(*(_fault(files, *each) for each in error.fields.items())) from error


def _fault(files: "Sequence[JobFile]", place: str, fault: str) -> str:
    """A fault with its file, as ``jobs[0].minute`` names it."""
    found = _PLACE.fullmatch(place)
    if found is None:
        return f"{place}: {fault}."
    key = f" {found[2]}:" if found[2] else ""
    return f"{printable(str(files[int(found[1])].path))}:{key} {fault}."
