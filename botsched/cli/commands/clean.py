"""``clean`` and ``reset``: begin afresh, with a way back."""

from pathlib import Path

import click

from botsched.cli import exits
from botsched.cli.cleaning import Plan, carry_out, plan
from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.cli.lock import is_running
from botsched.errors import SettingsError, StartError
from botsched.settings.database import DEFAULT_FILE
from botsched.settings.load import load_settings
from botsched.settings.model import Dbms

_FLAGS = ("jobs", "dbms", "db_config", "db_profile")
_database = click.option(
    "--database", "with_database", is_flag=True, help="Also the SQLite file with all its history."
)
_yes = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command(cls=SettingsCommand)
@_database
@_yes
@settings_flags(*_FLAGS)
def clean(*, with_database: bool, yes: bool, **flags: object) -> int:
    """Remove what servers left in this folder.

    That is the proxy's state and compiled job modules; jobs, data files, users and settings stay.
    What cannot be made again moves into a dated backup folder.
    """
    database, jobs = _locate(flags)
    _begin(database)
    todo = plan(Path.cwd(), database, jobs, with_database=with_database, with_configuration=False)
    return _confirm_and_do(todo, yes=yes)


@click.command(cls=SettingsCommand)
@_database
@_yes
@settings_flags(*_FLAGS)
def reset(*, with_database: bool, yes: bool, **flags: object) -> int:
    """Do as "clean", and restore conf/*.ini from their templates.

    Works with settings that are broken, too.
    """
    try:
        database, jobs = _locate(flags)
    except SettingsError as error:
        for fault in error.faults:
            click.echo(f"Note: {fault}", err=True)
        database, jobs = Path.cwd() / DEFAULT_FILE, ()
    _begin(database)
    todo = plan(Path.cwd(), database, jobs, with_database=with_database, with_configuration=True)
    return _confirm_and_do(todo, yes=yes)


def _locate(flags: dict[str, object]) -> tuple[Path | None, tuple[Path, ...]]:
    """Return the SQLite file, None for another system, and the job folders."""
    settings = load_settings(flags, mail=False)
    database = settings.database.path if settings.database.dbms is Dbms.SQLITE else None
    return database, settings.execution.job_folders


def _begin(database: Path | None) -> None:
    if database is not None and is_running(database):
        raise StartError(f"A server is running on {database}: stop it first.")


def _confirm_and_do(todo: Plan, *, yes: bool) -> int:
    if not todo:
        click.echo("There is nothing to do.")
        return 0
    for verb, paths in (("back up", todo.saved), ("remove", todo.removed)):
        for path in paths:
            click.echo(f"{verb:8} {path}")
    for file, template in todo.restored:
        click.echo(f"restore  {file} from {template.name}")
    if not yes and not click.confirm("Go on?"):
        click.echo("Nothing was removed.")
        return exits.INTERRUPTED
    backup = carry_out(todo, Path.cwd())
    click.echo(f"Done. The backup is {backup}." if backup else "Done.")
    return 0
