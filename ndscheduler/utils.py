"""Small helpers that jobs and programs for ndscheduler use."""

import importlib
import os
import socket
import traceback
import uuid
from datetime import UTC, datetime
from typing import Any

from ndscheduler.core.jobs import Job


def import_from_path(path: str) -> Any:
    """What ``package.module.name`` names. Raises ImportError or AttributeError."""
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def get_current_datetime() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def generate_uuid() -> str:
    """32 hexadecimal digits."""
    return uuid.uuid4().hex


def get_hostname() -> str:
    """The name of this machine."""
    return socket.gethostname()


def get_pid() -> int:
    """This process."""
    return os.getpid()


def get_stacktrace() -> str:
    """The traceback of the exception that is being handled."""
    return traceback.format_exc()


def get_job_name(job: Job) -> str:
    """The class of a job."""
    return str(job.args[0])


def get_job_args(job: Job) -> list[Any]:
    """Its arguments."""
    return job.args[2:]


def get_job_kwargs(job: Job) -> dict[str, Any]:
    """Its arguments by name."""
    return job.kwargs


def get_cron_strings(job: Job) -> dict[str, str]:
    """Its cron fields."""
    wanted = ("month", "day", "week", "day_of_week", "hour", "minute")
    return {field.name: str(field) for field in job.trigger.fields if field.name in wanted}
