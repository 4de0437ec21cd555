"""Who did what to which job, file or login."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Event(StrEnum):
    """What can be done; the first six are those that ndscheduler's clients know."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"
    PAUSED = "paused"
    RESUMED = "resumed"
    CUSTOM_RUN = "custom_run"
    STOPPED = "stopped"
    FILE_ADDED = "file_added"
    FILE_MODIFIED = "file_modified"
    FILE_DELETED = "file_deleted"
    LOGIN = "login"
    HELD = "held"
    RELEASED = "released"
    WINDOWS = "windows"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One line of the audit log. For files and logins ``job_id`` and ``job_name`` are empty."""

    event: Event
    user: str
    created_at: datetime
    job_id: str = ""
    job_name: str = ""
    description: str = ""
