"""The forms that a single schedule can have, and how they are read from their stored form."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botsched.domain.cron import FIELDS
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.crontab import CrontabSchedule
from botsched.domain.ecs import EcsSchedule
from botsched.domain.interval import IntervalSchedule
from botsched.domain.once import OnceSchedule
from botsched.domain.wallclock import parse_timezone
from botsched.errors import InvalidError

Form = CronSchedule | CrontabSchedule | EcsSchedule | IntervalSchedule | OnceSchedule


def form_from_data(data: Mapping[str, Any]) -> Form:
    """The schedule of a stored JSON form. Raises InvalidError for a type this version lacks."""
    zone = parse_timezone(data.get("timezone", "UTC"))
    match data:
        case {"type": "cron", "fields": fields}:
            ordered = tuple((name, fields[name]) for name in FIELDS if name in fields)
            return CronSchedule(ordered, zone)
        case {"type": "crontab", "crontab": text}:
            return CrontabSchedule(text, zone)
        case {"type": "ecs", "ecs": text}:
            return EcsSchedule(text, zone)
        case {"type": "interval", "number": number, "unit": unit, "anchor": anchor}:
            return IntervalSchedule(number, unit, datetime.fromisoformat(anchor), zone)
        case {"type": "once", "at": at}:
            return OnceSchedule(datetime.fromisoformat(at), zone)
    raise InvalidError({"schedule": f"type {data.get('type')!r} is unknown to this version"})
