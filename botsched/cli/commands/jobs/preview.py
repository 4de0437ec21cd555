"""``jobs preview``: when a schedule is due, without a server."""

import json
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from botsched.cli.commands.jobs.timing import (
    NO_SCHEDULE,
    check_anchor,
    cron_fields,
    interval,
    schedule_flags,
)
from botsched.cli.remote.asking import moment
from botsched.settings.options import BY_NAME

if TYPE_CHECKING:
    from botsched.domain.preview import Preview
    from botsched.scheduling.timing import Timing

_TIMEZONE = BY_NAME["timezone"]


@click.command()
@schedule_flags
@click.option(
    "--timezone",
    metavar="ZONE",
    default=str(_TIMEZONE.default),
    envvar=_TIMEZONE.variable,
    help=f"Time zone of all of it. [{_TIMEZONE.default}]",
)
@click.option("--from", "after", type=moment, metavar="TIME", help="Look from then on. [now]")
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
    jitter: int | None,
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

    check_anchor(every, anchor)
    timings = (
        *(Timing(crontab=line) for line in crontab),
        *(Timing(cron=cron_fields(text)) for text in cron),
        *(Timing(ecs=text) for text in ecs),
        *(Timing(every=interval(text), anchor=anchor) for text in every),
        *(Timing(at=moment) for moment in at),
    )
    bounds = {"start": start_date, "end": end_date, "jitter": jitter or 0}
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
    from botsched.domain.preview import preview
    from botsched.domain.wallclock import parse_timezone
    from botsched.scheduling.schedules import Wanted, made
    from botsched.scheduling.timing import Timing, instant_of

    if not timings:
        raise click.UsageError(NO_SCHEDULE)
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
