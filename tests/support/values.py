"""Jobs and executions for tests, ordinary but for what a test changes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from botsched.domain.cron import FIELDS
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.execution import Cause, Execution, State
from botsched.domain.ids import new_id
from botsched.domain.job import Job, JobPolicy, Missed, Policy
from botsched.domain.wallclock import parse_timezone

NOW = datetime(2027, 3, 1, 12, 0, 0, tzinfo=UTC)
"""A moment of no importance: no clock changes near it."""

DEFAULTS = Policy(Missed.LATEST, misfire=timedelta(hours=1), max_instances=3)
"""The server's defaults, as they are without flags."""

FREE = Policy(Missed.LATEST, misfire=None, max_instances=1000)
"""A policy that never stands in the way."""

USUAL_ON = ["output", "failure", "timeout", "lost", "recovered"]
"""When mails are sent about jobs that say nothing."""


def a_mail_rule(*on: str, **others: Any) -> dict[str, Any]:
    """A rule of mail as answers tell it: with all keys."""
    keys = ("profiles", "to", "after", "rate", "every", "quiet", "most_a_day")
    return {"on": list(on)} | dict.fromkeys(keys) | others


def cron(timezone: str = "UTC", **fields: str) -> CronSchedule:
    """A schedule of cron fields, also of a year that is over when the test runs."""
    given = tuple((name, fields[name]) for name in FIELDS if name in fields)
    return CronSchedule(given, parse_timezone(timezone))


def a_job(**changes: Any) -> Job:
    """A job that is due every minute."""
    values: dict[str, Any] = {
        "id": new_id(),
        "name": "backup",
        "job_class": "jobs.shell_command.ShellCommand",
        "arguments": ["true"],
        "schedule": cron(minute="*"),
        "policy": JobPolicy(),
        "next_due": NOW,
        "created_at": NOW - timedelta(days=1),
        "updated_at": NOW - timedelta(days=1),
    }
    return Job(**values | changes)


def an_execution(**changes: Any) -> Execution:
    """An execution that waits to be run."""
    values: dict[str, Any] = {
        "id": new_id(),
        "job_id": "j1",
        "job_name": "backup",
        "job_class": "jobs.shell_command.ShellCommand",
        "arguments": ["true"],
        "state": State.SCHEDULED,
        "cause": Cause.REQUESTED,
        "reason": "Asked for by ann.",
        "scheduled_at": NOW,
        "updated_at": NOW,
    }
    return Execution(**values | changes)
