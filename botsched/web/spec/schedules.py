"""Schedules: the keys that say one, and looking ahead."""

from typing import Any, Final

from botsched.domain.cron import FIELDS
from botsched.domain.interval import UNITS
from botsched.domain.preview import MOST
from botsched.domain.timetable import LONGEST_JITTER, MOST_SCHEDULES
from botsched.web.spec.operations import Paths, body, moment, operation, parameter
from botsched.web.spec.schemas import (
    Schema,
    array,
    fields,
    instant,
    named,
    nullable,
    record,
    text,
    whole,
)

TAG = "Schedules"
ABOUT = "Looking ahead: when a job will be due, or one that is not there yet would be."

_CRON_TOLD: Final = (
    "One of eight fields of a schedule: `*`, `*/5`, `1-5`, `mon-fri`, `last`, `2nd fri`, or a list "
    "with commas. In `day_of_week` 0 is Monday."
)
_EVERY: Final = {
    "type": "object",
    "description": "An interval, in one of these units, ten years at most.",
    "properties": {unit: {"type": "integer", "minimum": 1} for unit in UNITS},
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
    "example": {"minutes": 90},
}
_FORMS: Final[dict[str, Schema]] = {
    "crontab": text(
        "Five fields of crontab(5), 0 and 7 being Sunday, or `@daily` and its like.",
        example="30 2 * * *",
    ),
    "ecs": text(
        "Up to eight fields `second minute hour day_of_week week day month year`, with blanks.",
        example="0 30 2 mon-fri",
    ),
    "every": _EVERY,
}
_MOMENT: Final = "ISO 8601; without an offset it is on the clock of `timezone`."
_WRITTEN: Final[dict[str, Schema]] = {
    **{name: {"type": ["string", "integer", "null"], "description": _CRON_TOLD} for name in FIELDS},
    **{name: nullable(schema) for name, schema in _FORMS.items()},
    "anchor": nullable(text(f"What an interval is counted from. {_MOMENT}")),
    "at": nullable(text(f"The only instant of a job that runs once. {_MOMENT}")),
}

_TRIGGER: Final = {"type": ["string", "null"], "enum": ["cron", "interval", None]}
_INTERVAL: Final = whole("Seconds.", minimum=1)
_PARAMS_TOLD: Final = "The eight fields of a `cron`, or the seconds of an `interval` as `interval`"
_CRON_PARAMS: Final = {name: {"type": ["string", "integer", "null"]} for name in FIELDS}

WRITTEN: Final[dict[str, Schema]] = {
    **_WRITTEN,
    "trigger": _TRIGGER | {"description": "ndscheduler's later way to say a schedule."},
    "trigger_params": nullable(fields(f"{_PARAMS_TOLD}.", {**_CRON_PARAMS, "interval": _INTERVAL})),
    "schedules": {
        "type": ["array", "null"],
        "description": "Several schedules, each in one of the other forms; due when any is.",
        "items": fields("One of several.", _WRITTEN),
        "minItems": 1,
        "maxItems": MOST_SCHEDULES,
    },
    "timezone": nullable(text("The time zone in which it is meant.", example="Europe/Brussels")),
    "start_date": nullable(text(f"No instant is due before. {_MOMENT}")),
    "end_date": nullable(text(f"No instant is due after. {_MOMENT}")),
    "jitter": nullable(
        whole("By how many seconds at most each is delayed.", minimum=0, maximum=LONGEST_JITTER)
    ),
}
"""The keys of a schedule in requests."""

_CRON_READ: Final = {name: nullable(text(f"{_CRON_TOLD} Null in other forms.")) for name in FIELDS}
_READ: Final[dict[str, Schema]] = {
    **_CRON_READ,
    **{name: nullable(schema) for name, schema in _FORMS.items()},
    "anchor": nullable(instant("What an interval is counted from; null in other forms.")),
    "at": nullable(instant("The only instant of a job that runs once; null in other forms.")),
}
TRIGGER_READ: Final[dict[str, Schema]] = {
    "trigger": _TRIGGER | {"description": "As ndscheduler says it; null where it cannot."},
    "trigger_params": nullable(
        record(
            f"{_PARAMS_TOLD}; null with `trigger`.",
            {**{name: text(_CRON_TOLD) for name in FIELDS}, "interval": _INTERVAL},
            optional=(*FIELDS, "interval"),
        )
    ),
}
READ: Final[dict[str, Schema]] = {
    **_READ,
    **TRIGGER_READ,
    "timezone": text("The time zone in which it is meant.", example="Europe/Brussels"),
    "schedules": {
        "type": ["array", "null"],
        "description": "Several schedules; null when there is only one, which the other keys say.",
        "items": fields("One of several, by the keys that it needs.", _READ),
    },
    "start_date": nullable(instant("No instant is due before; null: without bound.")),
    "end_date": nullable(instant("No instant is due after; null: without bound.")),
    "jitter": whole("By how many seconds at most each is delayed.", minimum=0),
    "schedule": text("All this in words.", example="every day at 02:30 (Europe/Brussels)"),
}
"""The keys of a schedule in answers."""

CRON_OF_A_RUN: Final = {
    name: nullable(text(f"{_CRON_TOLD} Of the job's present schedule; empty without a job."))
    for name in FIELDS
}

SCHEMAS: Final[dict[str, Schema]] = {
    "Occurrence": record(
        "A due instant.",
        {
            "local": instant("On the clock of the schedule's zone."),
            "utc": instant("The same in UTC."),
            "remark": text("What a change of the clock does to it; mostly empty."),
        },
    ),
    "Preview": record(
        "What is to come.",
        {
            "schedule": text("The schedule in words."),
            "next": array(named("Occurrence"), "Fewer when the next 100 years have no more."),
        },
    ),
}

_COUNT: Final = whole("How many; 10 without it.", minimum=1, maximum=MOST)
_EXAMPLE: Final[dict[str, Any]] = {
    "crontab": "30 2 * * *",
    "timezone": "Europe/Brussels",
    "from": "2027-03-27T12:00Z",
    "count": 1,
}

PATHS: Final[Paths] = {
    "/api/v1/schedules/preview": {
        "post": operation(
            "previewSchedule",
            "The next instants of any schedule",
            named("Preview"),
            told="The schedule in words, and when it is due. Nothing is changed, and what is "
            "drawn, by `jitter` or for `?`, is an example.",
            body=body(
                fields(
                    "A schedule.",
                    {
                        **WRITTEN,
                        "count": nullable(_COUNT),
                        "from": nullable(text("Instants after this one; now without it.")),
                    },
                ),
                _EXAMPLE,
            ),
        )
    },
    "/api/v1/jobs/{job_id}/preview": {
        "get": operation(
            "previewJob",
            "The next instants of a job, paused or not",
            named("Preview"),
            parameters=[
                parameter("count", _COUNT),
                moment("from", "Instants after this one; now without it."),
            ],
            errors=[404],
        )
    },
}
