"""``import ndscheduler``: jobs, executions and audit log of ndscheduler's database."""

import re
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Final

import click

from botsched.cli.commands.imports.concluding import (
    DATABASE_FLAGS,
    check_free,
    conclude,
    import_options,
    importer,
)
from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.cli.progress import progress
from botsched.errors import SettingsError
from botsched.settings.load import load_settings

if TYPE_CHECKING:
    from datetime import datetime

    from botsched.moving.ndscheduler.making import JobMaker
    from botsched.moving.ndscheduler.takeover import Takeover
    from botsched.moving.report import Report
    from botsched.settings.model import DatabaseSettings, Settings

_NAME: Final = r"[^\s=.]+(?:\.[^\s=.]+)*"  # job folders need not be called like modules of Python
_MAP: Final = re.compile(f"({_NAME})=({_NAME})")
_FLAGS = (
    *("jobs", "timezone", "job_coalesce", "job_max_instances", "job_misfire"),
    *DATABASE_FLAGS,
)


@click.command(cls=SettingsCommand, short_help="Take over a database of ndscheduler.")
@click.argument("source", metavar="SOURCE")
@click.option(
    "--map", "maps", metavar="OLD=NEW", multiple=True,
    help="The package OLD of job classes is NEW here. Repeatable.",
)  # fmt: skip
@click.option("--ask-password", is_flag=True, help="Ask for the password of SOURCE.")
@click.option("--source-jobs-table", metavar="NAME", help="Its jobs. [found by its columns]")
@click.option("--source-executions-table", metavar="NAME", help="Its executions. [the same]")
@click.option("--source-logs-table", metavar="NAME", help="Its audit log. [the same]")
@import_options
@settings_flags(*_FLAGS)
def ndscheduler(
    source: str,
    maps: tuple[str, ...],
    source_jobs_table: str | None,
    source_executions_table: str | None,
    source_logs_table: str | None,
    *,
    ask_password: bool,
    dry_run: bool,
    yes: bool,
    paused: bool,
    as_json: bool,
    **flags: object,
) -> int:
    """Take over jobs, executions and the audit log of an ndscheduler or a former bots-scheduler.

    SOURCE is the file of its SQLite database, or the address of one on a server, such as
    postgresql://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE. It is only read; stop ndscheduler
    first.

    Jobs keep their ids. What is here already stays as it is, so that an import may be done again.
    """
    settings = load_settings(flags)
    from botsched.domain.clock import system_clock
    from botsched.moving.ndscheduler.tables import Tables, find
    from botsched.moving.ndscheduler.takeover import Takeover
    from botsched.store.foreign import Foreign, source_of

    pairs = tuple(map(_pair, maps))
    if not dry_run and (yes or not as_json):
        check_free(settings.database)
    password = click.prompt("Password", hide_input=True, err=True) if ask_password else None
    database = source_of(source, password)
    now = system_clock()
    with Foreign(database) as foreign:
        chosen = Tables(source_jobs_table, source_executions_table, source_logs_table)
        tables = find(foreign.tables(), chosen)
        maker = _maker(settings, pairs, now, paused=paused)
        takeover = Takeover(foreign, tables, maker, [database.password or ""])
        report = _report(settings.database, takeover)
        carry_out = partial(_carry_out, settings.database, takeover, report)
        return conclude(report, now, carry_out, dry_run=dry_run, yes=yes, as_json=as_json)


def _pair(text: str) -> tuple[str, str]:
    pair = _MAP.fullmatch(text)
    if pair is None:
        raise SettingsError(
            f"--map {text!r}: two packages are accepted, as in --map simple_scheduler.jobs=jobs."
        )
    return pair[1], pair[2]


def _maker(
    settings: "Settings", maps: tuple[tuple[str, str], ...], now: "datetime", *, paused: bool
) -> "JobMaker":
    from botsched.catalog.loader import load
    from botsched.moving.ndscheduler.making import JobMaker

    catalogue = load(settings.execution.job_folders).description()
    return JobMaker(catalogue, maps, settings.scheduling, importer(), now, paused)


def _report(database: "DatabaseSettings", takeover: "Takeover") -> "Report":
    """What was found, beside what is in the database already; a server may be running on it."""
    from botsched.store.reader import reader_if_made

    with reader_if_made(database) as reader:
        if reader is None:
            return takeover.report(lambda _: set())
        report = takeover.report(reader.read)
        ids = [job.id for job in report.new_jobs]
        return report.beside(reader.read(lambda session: session.jobs.by_ids(ids)))


def _carry_out(database: "DatabaseSettings", takeover: "Takeover", report: "Report") -> None:
    from botsched.domain.clock import system_clock
    from botsched.store.store import Store

    with closing(Store(database)) as store:
        takeover.carry_out(store, report.new_jobs, system_clock(), progress())
