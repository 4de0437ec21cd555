"""``jobs``: about schedules, without a server."""

import json
import re
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from botsched.domain.moments import year_fault
from botsched.settings.options import BY_NAME

if TYPE_CHECKING:
    from botsched.domain.preview import Preview
    from botsched.scheduling.timing import Timing

_TIMEZONE = BY_NAME["timezone"]
_CRON_FIELD = re.compile(r"(\w+)=(.*?)(?:\s+(?=\w+=)|$)")


def moment(text: str) -> datetime:
    """A moment in ISO 8601, with an offset or without."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        told = f"{text!r} is no time; write for example 2027-01-31T18:30+01:00"
        raise click.BadParameter(told) from None
    if fault := year_fault(moment):
        raise click.BadParameter(f"{text!r} {fault}.")
    return moment


_time = partial(click.option, type=moment, metavar="TIME")


@click.group()
def jobs() -> None:
    """Look at schedules of jobs."""


@jobs.command()
@click.option("--crontab", metavar="LINE", multiple=True, help="Five fields of crontab(5).")
@click.option("--cron", metavar="FIELDS", multiple=True, help='Such as "hour=3 day=2nd fri".')
@click.option("--ecs", metavar="FIELDS", multiple=True, help="Up to eight, from the second on.")
@click.option("--every", metavar="TIME", multiple=True, help='Such as "90 minutes".')
@_time("--anchor", help="What --every is counted from.")
@_time("--at", multiple=True, help="Once, at an instant.")
@_time("--start-date", help="Nothing is due before.")
@_time("--end-date", help="Nothing is due after.")
@click.option(
    "--jitter", metavar="SECONDS", type=int, default=0, help="Delay each by up to so much."
)
@click.option(
    "--timezone",
    metavar="ZONE",
    default=str(_TIMEZONE.default),
    envvar=_TIMEZONE.variable,
    help=f"Time zone of all of it. [{_TIMEZONE.default}]",
)
@_time("--from", "after", help="Look from then on. [now]")
@click.option("-n", "--count", type=click.IntRange(1, 1000), default=10, help="How many. [10]")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def preview(
    crontab: tuple[str, ...],
    cron: tuple[str, ...],
    ecs: tuple[str, ...],
    every: tuple[str, ...],
    anchor: datetime | None,
    at: tuple[datetime, ...],
    start_date: datetime | None,
    end_date: datetime | None,
    jitter: int,
    timezone: str,
    after: datetime | None,
    count: int,
    *,
    as_json: bool,
) -> None:
    """Show when a schedule is due next, and say it in words.

    Several schedules together make one, as in a job. No server is needed. What is drawn, by
    --jitter or "?", is an example: each job draws its own.
    """
    from botsched.scheduling.timing import Timing

    if anchor is not None and not every:
        raise click.UsageError("--anchor is what --every is counted from; give both.")
    timings = (
        *(Timing(crontab=line) for line in crontab),
        *(Timing(cron=_cron_fields(text)) for text in cron),
        *(Timing(ecs=text) for text in ecs),
        *(Timing(every=_interval(text), anchor=anchor) for text in every),
        *(Timing(at=moment) for moment in at),
    )
    bounds = {"start": start_date, "end": end_date, "jitter": jitter}
    shown = _preview(timings, timezone, bounds, after, count)
    if as_json:
        click.echo(json.dumps(shown.to_data(), indent=2))
    else:
        _print(shown)


def _preview(
    timings: "tuple[Timing, ...]",
    timezone: str,
    bounds: dict[str, datetime | int | None],
    after: datetime | None,
    count: int,
) -> "Preview":
    import random

    from botsched.domain.preview import preview
    from botsched.domain.wallclock import parse_timezone
    from botsched.scheduling.schedules import Wanted, made
    from botsched.scheduling.timing import Timing, instant_of

    if not timings:
        raise click.UsageError("Give a schedule: --crontab, --cron, --ecs, --every or --at.")
    timing = timings[0] if len(timings) == 1 else Timing(schedules=timings)
    now = datetime.now(UTC)
    wanted = Wanted(timing, timezone, bounds)
    schedule = made(wanted, None, timezone, now, random.SystemRandom())
    begin = now if after is None else instant_of(after, parse_timezone(timezone))
    return preview(schedule, begin, count)


def _print(shown: "Preview") -> None:
    click.echo(f"{shown.words}\n")
    for each in shown.occurrences:
        local = each.local.isoformat(" ")
        click.echo(f"{each.local:%a} {local}  {each.instant:%Y-%m-%d %H:%M:%S}Z")
        if each.remark:
            click.echo(f"    {each.remark}")
    if not shown.occurrences:
        click.echo("It is not due any more.")


def _cron_fields(text: str) -> dict[str, str]:
    found = _CRON_FIELD.findall(text.strip())
    if not found or "".join(_CRON_FIELD.split(text.strip())[::3]).strip():
        raise click.UsageError(f'--cron {text!r}: write for example "hour=3 day_of_week=mon-fri".')
    return {name: value.strip() for name, value in found}


def _interval(text: str) -> tuple[int, str]:
    number, _, unit = text.strip().partition(" ")
    if not (number.isascii() and number.isdigit()) or not unit.strip():
        raise click.UsageError(f'--every {text!r}: write for example "90 minutes".')
    return int(number), unit.strip().removesuffix("s") + "s"
