"""The table of the audit log."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, select

from botsched.domain.audit import AuditEvent, Event, FieldChange
from botsched.domain.ids import new_id
from botsched.domain.news import Notes, Topic
from botsched.domain.paging import AuditFilter, Page, Paging
from botsched.store.paging import Order, fetch_page
from botsched.store.statements import insertion
from botsched.store.text import containing


class AuditLog:
    """Audit events as rows that are only ever added."""

    def __init__(self, connection: Connection, table: Table, notes: Notes) -> None:
        self._connection = connection
        self._table = table
        self._notes = notes

    def add(self, event: AuditEvent) -> None:
        """Record what somebody did."""
        self._connection.execute(insertion(self._table), event_values(new_id(), event))
        self._notes[Topic.LOG, ""] = ""

    def before(self, moment: datetime, limit: int) -> list[str]:
        """The ids of the oldest events from before then."""
        columns = self._table.c
        query = select(columns.id).where(columns.created_at < moment)
        query = query.order_by(columns.created_at).limit(limit)
        return list(self._connection.execute(query).scalars())

    def delete(self, ids: list[str]) -> None:
        """Delete these events."""
        self._connection.execute(delete(self._table).where(self._table.c.id.in_(ids)))

    def find(self, wanted: AuditFilter, paging: Paging) -> Page[AuditEvent]:
        """Events, the newest first."""
        columns = self._table.c
        query = select(self._table)
        if wanted.job_id is not None:
            query = query.where(columns.job_id == wanted.job_id)
        searched = [
            columns[name] == value
            for name in ("event", "user")
            if (value := getattr(wanted, name)) is not None
        ]
        if wanted.text:
            searched.append(
                containing(wanted.text, columns.job_name, columns.user, columns.description)
            )
        sought = and_(*searched) if searched else None
        order = Order((columns.created_at, columns.id), descending=True)
        return fetch_page(
            self._connection,
            query,
            order,
            paging,
            _event,
            begin=wanted.end,
            end=wanted.start,
            sought=sought,
        )


def event_values(event_id: str, event: AuditEvent) -> dict[str, Any]:
    """The columns of an event."""
    return {
        "id": event_id,
        "event": event.event,
        "user": event.user,
        "job_id": event.job_id,
        "job_name": event.job_name,
        "created_at": event.created_at,
        "description": event.description,
        "changes": event.changes and [asdict(change) for change in event.changes],
    }


def _event(row: Row[Any]) -> AuditEvent:
    return AuditEvent(
        event=Event(row.event),
        user=row.user,
        created_at=row.created_at,
        job_id=row.job_id,
        job_name=row.job_name,
        description=row.description,
        changes=row.changes and tuple(FieldChange(**change) for change in row.changes),
    )
