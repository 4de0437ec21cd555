"""``import crontab``: the lines of crontabs become jobs."""

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from botsched.cli.commands.imports.concluding import (
    DATABASE_FLAGS,
    add,
    check_free,
    conclude,
    import_options,
    importer,
    present_jobs,
)
from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.cli.login import login_name
from botsched.errors import SettingsError
from botsched.settings.load import load_settings
from botsched.settings.shipped import shipped

if TYPE_CHECKING:
    from botsched.moving.crontab.sources import Reading, Source
    from botsched.moving.report import Report
    from botsched.settings.model import Settings

_FLAGS = (
    *("jobs", "smtp_config", "smtp_profile"),
    *DATABASE_FLAGS,
    *("job_max_instances", "job_misfire", "threadpool_size"),
)
_JOB_CLASS = "cron_command.CronCommand"


@click.command(cls=SettingsCommand, short_help="Make jobs of the lines of crontabs.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--user-column/--no-user-column",
    default=None,
    help="A user follows the times. [as the place and the lines of a file tell]",
)
@click.option("--user", metavar="NAME", help="Whose crontab it is, where that cannot be told.")
@click.option("--timezone", metavar="ZONE", help="Zone cron goes by. [that of this machine]")
@click.option(
    "--dialect",
    type=click.Choice(["debian", "cronie"]),
    help="Whose cron it was. [debian where there is /etc/debian_version]",
)
@import_options
@settings_flags(*_FLAGS)
def crontab(
    files: tuple[str, ...],
    user_column: bool | None,
    user: str | None,
    timezone: str | None,
    dialect: str | None,
    *,
    dry_run: bool,
    yes: bool,
    paused: bool,
    as_json: bool,
    **flags: object,
) -> int:
    """Make jobs of the lines of crontabs.

    FILE is a crontab such as /etc/crontab or /var/spool/cron/crontabs/ann, a folder of them such
    as /etc/cron.d, or - for standard input, as of "crontab -l". What becomes of each line is shown
    first, with all that changes in meaning. Give the same flags as to "run".

    Lines that are imported already are left as they are. The server may be running, unless the
    database is a SQLite file. Nothing is changed in cron.
    """
    if "-" in files and not (dry_run or yes or as_json):
        raise click.UsageError("Nobody can be asked while - is read: give --yes or --dry-run.")
    settings = load_settings(flags)
    from botsched.domain.clock import system_clock
    from botsched.moving.crontab.lines import Dialect
    from botsched.moving.crontab.sources import Reading

    if not dry_run and (yes or not as_json):
        check_free(settings.database)
    now = system_clock()
    reading = Reading(Dialect(dialect or _dialect()), user_column, user)
    report = _report(settings, files, reading, timezone, now, paused=paused)
    report = report.beside(present_jobs(settings.database, [job.id for job in report.new_jobs]))

    def carry_out() -> None:
        add(settings.database, report.new_jobs, system_clock())

    return conclude(report, now, carry_out, dry_run=dry_run, yes=yes, as_json=as_json)


def _report(
    settings: "Settings",
    files: tuple[str, ...],
    reading: "Reading",
    timezone: str | None,
    now: datetime,
    *,
    paused: bool,
) -> "Report":
    from botsched.domain.wallclock import parse_timezone
    from botsched.moving.crontab.drafting import Drafting, Machine
    from botsched.moving.crontab.report import crontab_report, general_remarks
    from botsched.moving.crontab.sources import everywhere, user_exists
    from botsched.moving.crontab.zone import MachineZone, machine_zone

    sources, left_out = _sources(files, reading)
    if timezone is None:
        zone = machine_zone()
    else:
        zone = MachineZone(timezone, f"Times are on the clock of {parse_timezone(timezone).key}.")
    machine = Machine(
        zone=zone.name,
        dialect=reading.dialect,
        job_class=_job_class(settings.execution.job_folders),
        user=login_name(),
        superuser=os.geteuid() == 0,
        profiles=bool(settings.mail.profiles),
        knows_user=user_exists,
        now=now,
        variables=everywhere(),
    )
    scheduling = settings.scheduling
    remarks = general_remarks(
        settings.execution.slots, scheduling.max_instances, scheduling.misfire
    )
    drafting = Drafting(machine, importer() if paused else None)
    told = [*left_out, zone.how]
    if machine.variables:
        names = ", ".join(machine.variables)
        told.append(f"Of /etc/environment, commands of cron get {names}, and so do the jobs.")
    return crontab_report(sources, drafting, told, remarks)


def _sources(files: tuple[str, ...], reading: "Reading") -> "tuple[list[Source], list[str]]":
    """The crontabs, and sentences on files that are left out."""
    from botsched.moving.crontab.sources import STDIN, found_files, read_file

    sources: dict[str, Source] = {}  # by name: a file that is named twice is read once
    left_out: list[str] = []
    for file in dict.fromkeys(files):
        if file == "-":
            sources[STDIN] = reading.source(STDIN, sys.stdin.buffer.read())
            continue
        for found in found_files([file], reading.dialect):
            if isinstance(found, str):
                left_out.append(found)
            elif str(found) not in sources:
                sources[str(found)] = reading.source(str(found), read_file(found))
    return list(sources.values()), left_out


def _job_class(folders: Sequence[Path]) -> str:
    """The name by which the job that runs such lines is known here. Raises SettingsError."""
    from botsched.catalog.loader import load

    for known in load(folders).description().classes:
        if known.job_class_string.partition(".")[2] == _JOB_CLASS:
            return known.job_class_string
    file = shipped("jobs") / "cron_command.py"
    raise SettingsError(
        f"No job folder has the class that runs lines of a crontab: copy {file} to {folders[0]}."
    )


def _dialect() -> str:
    return "debian" if Path("/etc/debian_version").exists() else "cronie"
