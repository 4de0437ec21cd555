"""Jobs in the words of ECS Scheduler."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from botsched.domain.cronschedule import CronSchedule
from botsched.domain.ecs import EcsSchedule, drawn, text_of
from botsched.domain.ecsarguments import named
from botsched.domain.ecstasks import RUN_TASK
from botsched.domain.execution import Execution
from botsched.domain.job import Job, JobPolicy
from botsched.domain.schedule import Schedule, bounds_of, forms_of
from botsched.errors import InvalidError
from botsched.scheduling.drafts import JobChanges, JobDraft
from botsched.scheduling.timing import Timing
from botsched.web.body import Fields
from botsched.web.ecs.spec import PAGE
from botsched.web.ecs.values import ARGUMENTS
from botsched.web.formats.times import time_text

READ_ONLY: Final = frozenset({"link", "lastRun", "lastRunTasks", "estimatedNextRun"})
"""Keys of our answers that clients may send back; they change nothing."""

_USUAL: Final = {"taskCount": 1}
"""What holds where a job says nothing."""

_CHANCE: Final = random.SystemRandom()
_ZONE: Final = "UTC"
_BOUNDS: Final = {"start": "scheduleStart", "end": "scheduleEnd"}
_ONE_AT_A_TIME: Final = JobPolicy(max_instances=1)
"""Two runs that count the tasks at the same time would both start what is missing."""


def read_draft(fields: Fields) -> JobDraft:
    """A new job from a body. Raises MalformedError or InvalidError for all faults at once."""
    arguments = _arguments(fields, required=True)
    schedule = fields.text("schedule", required=True)
    job_id = fields.text("id", nullable=True)
    bounds, timezone = _bounds(fields), fields.text("timezone", nullable=True)
    suspended = fields.flag("suspended")
    fields.done(ignored=READ_ONLY)
    identity = job_id or arguments["taskDefinition"]
    return JobDraft(
        name=identity,
        job_class=RUN_TASK,
        timing=Timing(ecs=schedule),
        arguments={name: value for name, value in arguments.items() if value is not None},
        timezone=timezone or _ZONE,
        bounds=bounds,
        policy=_ONE_AT_A_TIME,
        job_id=identity,
        paused=bool(suspended),
    )


def read_changes(fields: Fields, job: Job) -> JobChanges:
    """Changes of a job from a body.

    ``null`` takes a thing away; a schedule stays. What ``?`` stands for is drawn anew.
    Raises MalformedError or InvalidError.
    """
    arguments = _arguments(fields, required=False)
    schedule = fields.text("schedule", nullable=True)
    timezone = fields.text("timezone", nullable=True)
    suspended, job_id = fields.flag("suspended"), fields.text("id", nullable=True)
    bounds = _bounds(fields)
    fields.done(ignored=READ_ONLY)
    if job_id not in (None, job.id):
        raise InvalidError({"id": f"cannot be changed; it is {job.id}"})
    present = named(job.arguments)
    merged = {k: v for k, v in (present | arguments).items() if v is not None}
    return JobChanges(
        arguments=merged if _USUAL | merged != _USUAL | present else None,
        timing=Timing(ecs=drawn(schedule, _CHANCE)) if schedule else None,
        timezone=timezone or _ZONE if fields.has("timezone") else None,
        bounds=bounds,
        version=job.version if arguments else None,
        paused=suspended,
    )


def job_data(job: Job, last: Execution | None) -> dict[str, Any]:
    """A job as JSON data, with its ``last`` run; what is not set is left off."""
    arguments = named(job.arguments)
    bounds, zone = bounds_of(job.schedule), job.schedule.timezone.key
    data = {
        **reference_data(job.id),
        "taskDefinition": arguments.get("taskDefinition"),
        "schedule": _schedule_text(job.schedule),
        "scheduleStart": time_text(bounds.start),
        "scheduleEnd": time_text(bounds.end),
        "timezone": zone if zone != _ZONE else None,
        "taskCount": _number(arguments.get("taskCount") or _USUAL["taskCount"]),
        "maxCount": _number(arguments.get("maxCount")),
        "trigger": arguments.get("trigger"),
        "suspended": True if job.paused else None,
        "overrides": arguments.get("overrides"),
        "lastRun": last and time_text(last.started_at),
        "lastRunTasks": last and _tasks(last.result),
        "estimatedNextRun": time_text(job.next_run),
    }
    return {name: value for name, value in data.items() if value is not None}


def page_data(
    jobs: list[Job], last: Mapping[str, Execution], skip: int, count: int, total: int
) -> dict[str, Any]:
    """A page of jobs, with the addresses of those before and behind, if there are any."""
    starts = {"next": skip + count} | ({"prev": max(skip - count, 0)} if skip else {})
    links = {name: _page_link(start, count) for name, start in starts.items() if start < total}
    return {"jobs": [job_data(job, last.get(job.id)) for job in jobs], **links}


def reference_data(job_id: str) -> dict[str, Any]:
    """How answers name a job."""
    href = f"/ecs/jobs/{quote(job_id)}"
    return {"id": job_id, "link": {"rel": "item", "title": f"Job for {job_id}", "href": href}}


def _arguments(fields: Fields, *, required: bool) -> dict[str, Any]:
    """Those that are given."""
    read = {
        name: fields.value(name, kind, required=required and name == "taskDefinition")
        for name, kind in ARGUMENTS.items()
    }
    return {name: value for name, value in read.items() if fields.has(name)}


def _bounds(fields: Fields) -> dict[str, datetime | None]:
    """Those that are given; without an offset they are in UTC."""
    read = {name: (key, fields.moment(key)) for name, key in _BOUNDS.items()}
    return {
        name: moment.replace(tzinfo=UTC) if moment and not moment.tzinfo else moment
        for name, (key, moment) in read.items()
        if fields.has(key)
    }


def _schedule_text(schedule: Schedule) -> str | None:
    """None when it cannot be said in this form."""
    match forms_of(schedule):
        case (EcsSchedule(text=text),):
            return text
        case (CronSchedule() as cron,):
            return text_of(cron)
    return None


def _number(value: Any) -> Any:
    """A number may be given as text on the page and in the REST API."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _tasks(result: Any) -> list[dict[str, Any]]:
    """What a run says to have started."""
    started = result.get("started") if isinstance(result, dict) else None
    names = {"taskId": "taskArn", "hostId": "containerInstanceArn"}
    return [
        {name: task[key] for name, key in names.items() if task.get(key)} for task in started or []
    ]


def _page_link(skip: int, count: int) -> str:
    given = {"skip": skip} if skip else {}
    given |= {"count": count} if count != PAGE else {}
    return f"/ecs/jobs?{urlencode(given)}" if given else "/ecs/jobs"
