"""The flags that say a schedule, and what they are in a request."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import click

from botsched.cli.remote.asking import moment
from botsched.domain.cron import FIELDS

Function = TypeVar("Function", bound=Callable[..., Any])

NO_SCHEDULE = "Give a schedule: --crontab, --cron, --ecs, --every or --at."
_CRON_FIELD = re.compile(r"(\w+)=(.*?)(?:\s+(?=\w+=)|$)")
_FORMS = {*FIELDS, "crontab", "ecs", "every", "at", "schedules", "trigger"}
_time = partial(click.option, type=moment, metavar="TIME")


_FLAGS = (
    click.option("--crontab", metavar="LINE", multiple=True, help="Five fields of crontab(5)."),
    click.option("--cron", metavar="FIELDS", multiple=True, help='Such as "hour=3 day=2nd fri".'),
    click.option("--ecs", metavar="FIELDS", multiple=True, help="Up to eight, from the second on."),
    click.option("--every", metavar="TIME", multiple=True, help='Such as "90 minutes".'),
    _time("--anchor", help="What --every is counted from."),
    _time("--at", multiple=True, help="Once, at an instant."),
    _time("--start-date", help="Nothing is due before."),
    _time("--end-date", help="Nothing is due after."),
    click.option("--jitter", metavar="SECONDS", type=int, help="Delay each by up to so much."),
)


def schedule_flags(function: Function) -> Function:
    """Give a command the flags of a schedule, but for the time zone."""
    for flag in reversed(_FLAGS):
        function = flag(function)
    return function


def check_scheduled(keys: Iterable[str]) -> None:
    """Refuse what says no schedule in any of its forms, by the keys of a request."""
    if _FORMS.isdisjoint(keys):
        raise click.UsageError(NO_SCHEDULE)


def check_anchor(every: tuple[str, ...], anchor: datetime | None) -> None:
    """Refuse an anchor that nothing is counted from."""
    if anchor is not None and not every:
        raise click.UsageError("--anchor is what --every is counted from; give both.")


def cron_fields(text: str) -> dict[str, str]:
    """``hour=3 day=2nd fri`` as fields and their values."""
    found = _CRON_FIELD.findall(text.strip())
    if not found or "".join(_CRON_FIELD.split(text.strip())[::3]).strip():
        raise click.UsageError(f'--cron {text!r}: write for example "hour=3 day_of_week=mon-fri".')
    fields = {name: value.strip() for name, value in found}
    if len(fields) < len(found):
        raise click.UsageError(f"--cron {text!r}: a field is there twice; write hour=3,4 for both.")
    return fields


def interval(text: str) -> tuple[int, str]:
    """``90 minutes`` as a number and a unit."""
    number, _, unit = text.strip().partition(" ")
    if not (number.isascii() and number.isdigit()) or not unit.strip():
        raise click.UsageError(f'--every {text!r}: write for example "90 minutes".')
    return int(number), unit.strip().removesuffix("s") + "s"


def schedule_data(
    crontab: tuple[str, ...],
    cron: tuple[str, ...],
    ecs: tuple[str, ...],
    every: tuple[str, ...],
    anchor: datetime | None,
    at: tuple[datetime, ...],
    **bounds: datetime | int | None,
) -> dict[str, Any]:
    """What a request says of the schedule; nothing where no flag was given."""
    check_anchor(every, anchor)
    forms: list[dict[str, Any]] = [
        *({"crontab": line} for line in crontab),
        *(dict(cron_fields(text)) for text in cron),
        *({"ecs": text} for text in ecs),
        *(_every(text, anchor) for text in every),
        *({"at": instant} for instant in at),
    ]
    said = {name: value for name, value in bounds.items() if value is not None}
    if len(forms) > 1:
        return {"schedules": forms, **said}
    return {**(forms[0] if forms else {}), **said}


def _every(text: str, anchor: datetime | None) -> dict[str, Any]:
    number, unit = interval(text)
    form: dict[str, Any] = {"every": {unit: number}}
    return form if anchor is None else {**form, "anchor": anchor}
