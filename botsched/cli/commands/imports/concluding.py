"""What all imports do once they know what there is: show it, ask, do it."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TypeVar

import click

from botsched.cli import exits
from botsched.cli.lock import is_running
from botsched.cli.login import login_name
from botsched.domain.job import Job
from botsched.errors import StartError

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
    return f"{login_name()} (import)"


def check_free(database: "DatabaseSettings") -> None:
    """Raise StartError where a server keeps the database to itself, before anybody is asked."""
    if database.path is not None and is_running(database.path):
        raise StartError(
            f"A server is running on {database.path}, and a SQLite file belongs to one program at "
            "a time: stop it to import. --dry-run shows meanwhile what will be done."
        )


def add(database: "DatabaseSettings", jobs: Sequence[Job], now: datetime) -> None:
    """Add these jobs, all or none. Raises ConflictError when some came meanwhile."""
    from botsched.scheduling.intake import take_in
    from botsched.store.store import Store

    store = Store(database)
    try:
        take_in(store, jobs, importer(), now)
    finally:
        store.close()


def present_jobs(database: "DatabaseSettings", job_ids: Iterable[str]) -> dict[str, Job]:
    """Those of these jobs that are in the database already; a server may be running on it.

    None where the first start has not made the database yet. Raises RevisionError.
    """
    from botsched.store.reader import reader_if_made

    with reader_if_made(database) as reader:
        return {} if reader is None else reader.read(lambda session: session.jobs.by_ids(job_ids))


def conclude(
    report: "Report",
    now: datetime,
    carry_out: Callable[[], None],
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Show the report, ask, and carry it out; the exit code, 1 when all is refused."""
    from botsched.cli.commands.imports.printing import lines, to_data

    if as_json:
        click.echo(json.dumps(to_data(report, now), indent=2))
    else:
        click.echo("\n".join(lines(report, now)))
    if dry_run or (as_json and not yes):
        _tell(*report.afterwards, quiet=as_json)
        return int(report.is_refused)
    what = _what_is_new(report)
    if not what:
        _tell("There is nothing to add.", *report.afterwards, quiet=as_json)
        return int(report.is_refused)
    if not yes and not click.confirm(f"\nAdd {what}?"):
        click.echo("Nothing was added.")
        return exits.INTERRUPTED
    carry_out()
    _tell(f"Added {what}.", *report.afterwards, quiet=as_json)
    return 0


def _what_is_new(report: "Report") -> str:
    number = len(report.new_jobs)
    jobs = ["1 job" if number == 1 else f"{number:,} jobs"] if number else []
    *most, last = [*jobs, *report.besides] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _tell(*texts: str, quiet: bool) -> None:
    if texts and not quiet:
        click.echo("\n" + "\n".join(line for text in texts for line in _wrapped(text)))


def _wrapped(text: str) -> list[str]:
    """On 80 columns, but for words that are longer, so that commands can be copied."""
    indent = " " * (len(text) - len(text.lstrip()))
    return wrap(
        text, 80, subsequent_indent=f"{indent}  " if indent else "", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
