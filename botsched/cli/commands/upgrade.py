"""``upgrade``: the database as this version wants it, without starting the server."""

import click

from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.settings.load import load_settings

_FLAGS = (
    *("dbms", "db_config", "db_profile"),
    *("executions_table", "jobs_table", "files_table", "logs_table"),
)


@click.command(cls=SettingsCommand, short_help="Upgrade the database, as a start would.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be changed.")
@settings_flags(*_FLAGS)
def upgrade(*, dry_run: bool, **flags: object) -> int:
    """Carry a database of an earlier release to the present schema.

    "run" does the same when it starts. A SQLite file is copied first, beside itself; back up other
    databases before. No server may be running on it, but for --dry-run.
    """
    settings = load_settings(flags, mail=False)
    from botsched.store.reader import Reader
    from botsched.store.schema import REVISION
    from botsched.store.store import Store

    with Reader(settings.database) as reader:
        found = reader.examine()
        name = reader.name
    if found.revision is None:
        click.echo(f"{name} has no tables yet; the first start makes them.")
    elif not found:
        click.echo(f"{name} is of schema revision {found.revision}; nothing is to be done.")
    else:
        click.echo(f"{name} is of schema revision {found.revision}. To make it {REVISION}:")
        click.echo("\n".join(f"  {line}" for line in found.in_words()))
        if dry_run:
            click.echo("Nothing was changed now.")
        else:
            Store(settings.database).close()
            click.echo(f"{name} is of schema revision {REVISION} now.")
    return 0
