"""``backup`` and ``restore``: all that is in the database, in one file."""

from pathlib import Path

import click

from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.cli.progress import progress
from botsched.settings.load import load_settings

_FLAGS = (
    *("dbms", "db_config", "db_profile"),
    *("executions_table", "jobs_table", "files_table", "logs_table"),
)
_path = click.Path(path_type=Path)


@click.command(cls=SettingsCommand, short_help="Copy the whole database into a file.")
@click.argument("target", metavar="FILE", type=_path)
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
@settings_flags(*_FLAGS)
def backup(target: Path, *, overwrite: bool, **flags: object) -> int:
    """Copy the whole database, of any system, into FILE.

    FILE is a new file in a folder that exists; a database of SQLite itself is never overwritten.

    A server may be running: what is copied is the database as it was at one moment. Keep the users,
    settings, jobs and data files as well.
    """
    settings = load_settings(flags, mail=False)
    from botsched.store.archive import back_up

    back_up(settings.database, target, progress(), overwrite=overwrite)
    click.echo(f"The backup is {target} ({target.stat().st_size / 2**20:.1f} MiB).")
    return 0


@click.command(cls=SettingsCommand, short_help="Put a backup into the database.")
@click.argument("source", metavar="FILE", type=_path)
@click.option("--replace", is_flag=True, help="Delete all that is in the database before.")
@settings_flags(*_FLAGS)
def restore(source: Path, *, replace: bool, **flags: object) -> int:
    """Put what "backup" wrote into a database of any system.

    FILE is such a backup; it is only read.

    No server may be running on it, and nothing may be in it but with --replace. All is restored or
    nothing.
    """
    settings = load_settings(flags, mail=False)
    from botsched.store.archive import restore as restore_all

    restore_all(source, settings.database, progress(), replace=replace)
    click.echo(f"{source} is restored.")
    return 0
