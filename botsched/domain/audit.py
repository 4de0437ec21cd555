"""Who did what to which job, file or login."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


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
    RELOADED = "reloaded"
    MAIL_RESENT = "mail_resent"
    MAIL_DISCARDED = "mail_discarded"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing that is otherwise now; ``before`` and ``after`` are JSON values."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One line of the audit log. For files and logins ``job_id`` and ``job_name`` are empty.

    ``changes`` is None where nothing was changed, and in rows of earlier releases.
    """

    event: Event
    user: str
    created_at: datetime
    job_id: str = ""
    job_name: str = ""
    description: str = ""
    changes: tuple[FieldChange, ...] | None = None


def changes_between(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[FieldChange, ...] | None:
    """What differs between two JSON objects of the same keys; None when nothing does."""
    return (
        tuple(
            FieldChange(name, before[name], value)
            for name, value in after.items()
            # As JSON: to Python, 1 and True are equal.
            if json.dumps(before[name]) != json.dumps(value)
        )
        or None
    )
