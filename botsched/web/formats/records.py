"""Audit events, data files, servers and SMTP profiles as JSON."""

from dataclasses import asdict
from typing import Any

from botsched.domain.audit import AuditEvent
from botsched.domain.datafile import FileText, StoredFile
from botsched.scheduling.instances import Standing
from botsched.settings.model import Outlet, SmtpProfile
from botsched.web.formats.times import time_text


def event_data(event: AuditEvent) -> dict[str, Any]:
    """One line of the audit log."""
    return {
        "job_id": event.job_id,
        "job_name": event.job_name,
        "event": event.event,
        "user": event.user,
        "created_time": time_text(event.created_at),
        "description": event.description,
        "changes": event.changes and [asdict(change) for change in event.changes],
    }


def file_data(stored: StoredFile) -> dict[str, Any]:
    """One data file."""
    file = stored.file
    return {
        "filename": file.filename,
        "user": file.user,
        "created_time": time_text(file.created_at),
        "entries": file.entries,
        "description": file.description,
        "size": stored.size,
        "modified_time": time_text(stored.modified_at),
        "used_by": [{"job_id": job_id, "name": name} for job_id, name in stored.use.jobs],
        "used_by_count": stored.use.count,
    }


def file_text_data(shown: FileText) -> dict[str, Any]:
    """One data file with what it says."""
    return {
        **file_data(shown.stored),
        "text": shown.text,
        "complete": shown.complete,
        "version": shown.version,
    }


def standing_data(standing: Standing) -> dict[str, Any]:
    """One of the servers on the database."""
    return {
        "hostname": standing.instance.host,
        "pid": standing.instance.pid,
        "role": standing.role,
        "here": standing.here,
        "seen_time": time_text(standing.seen_at),
        "token": standing.token,
        "since": time_text(standing.since),
    }


def profile_data(outlet: Outlet) -> dict[str, Any]:
    """An SMTP profile or another channel, without what nobody else needs to know."""
    profile = outlet if isinstance(outlet, SmtpProfile) else None
    return {
        "name": outlet.name,
        "kind": outlet.kind,
        "from": profile.sender if profile else None,
        "to": list(profile.recipients) if profile else [],
        "fallback": outlet.fallback,
    }
