"""What all imports do once they know what there is: show it, ask, do it."""

import json
import os
import pwd
from collections.abc import Callable, Iterable
from datetime import datetime
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TypeVar

import click

from botsched.cli import exits
from botsched.domain.job import Job

if TYPE_CHECKING:
    from botsched.moving.report import Report
    from botsched.settings.model import DatabaseSettings

Function = TypeVar("Function", bound=Callable[..., Any])

DATABASE_FLAGS = (
    *("dbms", "db_config", "db_profile"),
    *("executions_table", "jobs_table", "files_table", "logs_table"),
)

_OPTIONS = (
    click.option("--dry-run", is_flag=True, help="Only show what would be done."),
    click.option("--yes", is_flag=True, help="Do not ask."),
    click.option("--paused", is_flag=True, help="Add the jobs paused."),
    click.option("--json", "as_json", is_flag=True, help="Show it as JSON, and do not ask."),
)


def import_options(function: Function) -> Function:
    """Give a command ``--dry-run``, ``--yes``, ``--paused`` and ``--json``."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def importer() -> str:
    """Who imports, for the audit log."""
    return f"{_login()} (import)"


def present_jobs(database: "DatabaseSettings", job_ids: Iterable[str]) -> dict[str, Job]:
    """Those of these jobs that are in the database already; a server may be running on it.

    None where the first start has not made the database yet. Raises RevisionError.
    """
    from botsched.store.reader import Reader

    if database.path is not None and not database.path.exists():
        return {}
    with Reader(database) as reader:
        if reader.examine().revision is None:
            return {}
        reader.require_present_revision()
        return reader.read(lambda session: session.jobs.by_ids(job_ids))


def conclude(
    report: "Report",
    now: datetime,
    carry_out: Callable[[], None],
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Show the report, ask, and carry it out; the exit code."""
    from botsched.cli.commands.imports.printing import lines, to_data

    if as_json:
        click.echo(json.dumps(to_data(report, now), indent=2))
    else:
        click.echo("\n".join(lines(report, now)))
    if dry_run or (as_json and not yes):
        return 0
    number = len(report.new_jobs)
    what = "1 job" if number == 1 else f"{number:,} jobs"
    if not number:
        _tell("There is nothing to add.", quiet=as_json)
        return 0
    if not yes and not click.confirm(f"\nAdd {what}?"):
        click.echo("Nothing was added.")
        return exits.INTERRUPTED
    carry_out()
    _tell(f"Added {what}.", *report.afterwards, quiet=as_json)
    return 0


def _tell(*texts: str, quiet: bool) -> None:
    if not quiet:
        click.echo("\n" + "\n".join(line for text in texts for line in wrap(text, 80)))


def _login() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
