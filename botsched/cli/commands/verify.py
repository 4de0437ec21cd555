"""``verify``: was every instant at which a job was due given exactly one fate?"""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.domain.moments import year_fault
from botsched.errors import SettingsError
from botsched.settings.load import load_settings

_FLAGS = ("dbms", "db_config", "db_profile", "executions_table", "jobs_table", "timezone")
_DAY = timedelta(hours=24)


@click.command(cls=SettingsCommand, short_help="Compare the record with what was due.")
@click.option("--from", "start", metavar="TIME", help="Begin there. [24 hours before the end]")
@click.option("--to", "end", metavar="TIME", help="End there. [now]")
@click.option("--job", metavar="JOB", help="Only jobs of this id or name.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@settings_flags(*_FLAGS)
def verify(
    start: str | None, end: str | None, job: str | None, *, as_json: bool, **flags: object
) -> int:
    """Verify that every instant at which a job was due has exactly one recorded fate.

    What was due is computed anew from the schedules as they were at each time. The database is
    only read; a server may be running on it. TIME is such as 2027-03-01 or 2027-03-01T12:30, on the
    clock of --timezone unless it has an offset. The exit code is 1 when something is missing,
    doubled or unexplained.
    """
    settings = load_settings(flags, mail=False)
    from botsched.cli.verdict import lines
    from botsched.domain.clock import system_clock
    from botsched.scheduling.verifying import verify_record
    from botsched.store.reader import Reader
    from botsched.web.formats.verdict import verdict_data

    now, zone = system_clock(), settings.scheduling.timezone
    until = _moment("--to", end, zone) or now
    since = _moment("--from", start, zone) or until - _DAY
    _check(start, end, since, min(until, now), now)
    with Reader(settings.database) as reader:
        reader.require_present_revision()
        verdict = verify_record(reader, since, until, now, job)
    if as_json:
        click.echo(json.dumps(verdict_data(verdict), indent=2))
    else:
        click.echo("\n".join(lines(verdict, zone)))
    return 0 if verdict.clean else 1


def _check(
    start: str | None, end: str | None, since: datetime, until: datetime, now: datetime
) -> None:
    """Raise SettingsError for a period in which nothing can have been due."""
    if since <= until:
        return
    if start is None:
        raise SettingsError(f"The 24 hours before --to {end} are later than now: give --from.")
    raise SettingsError(f"--from {start} is later than {'now' if since > now else '--to'}.")


def _moment(flag: str, text: str | None, zone: ZoneInfo) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(
            f"{flag} {text!r}: a time such as 2027-03-01 or 2027-03-01T12:30 is accepted."
        ) from None
    if fault := year_fault(moment):
        raise SettingsError(f"{flag} {text!r} {fault}.")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
