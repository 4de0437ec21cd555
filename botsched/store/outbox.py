"""The table of mails that are owed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, func, insert, select

from botsched.domain.news import Notes, Topic
from botsched.domain.outbox import (
    KEPT_ATTEMPTS,
    LONGEST_SUBJECT,
    WAITING,
    Mail,
    MailKind,
    MailState,
    ProfileStanding,
    attempt_from_data,
)
from botsched.domain.why import why_from_data


class Outbox:
    """Mails as rows, from the moment they are owed until they are accepted or given up."""

    def __init__(self, connection: Connection, table: Table, notes: Notes) -> None:
        self._connection = connection
        self._table = table
        self._notes = notes

    def add(self, mails: list[Mail]) -> None:
        """Owe these mails."""
        if mails:
            rows = [{"id": mail.id, **mail_values(mail)} for mail in mails]
            self._connection.execute(insert(self._table), rows)
            self._notes[Topic.MAIL, ""] = ""

    def standings(self) -> list[ProfileStanding]:
        """How each profile stands that owes mails, or gave some up; by name."""
        columns = self._table.c
        query = select(
            columns.profile,
            columns.state,
            func.count(),
            func.min(columns.created_at),
            func.min(columns.next_attempt_at),
        ).where(columns.state.in_([*WAITING, MailState.HELD, MailState.DEAD]))
        query = query.group_by(columns.profile, columns.state)
        found: dict[str, ProfileStanding] = {}
        for name, state, count, oldest, attempt in self._connection.execute(query).all():
            standing = found.get(name, ProfileStanding(name))
            if state == MailState.DEAD:
                error, at = self._last(columns.ended_at, name, state)
                found[name] = replace(standing, dead=count, dead_error=error, dead_at=at)
                continue
            if state == MailState.HELD:
                found[name] = replace(standing, held=count)
                continue
            if state == MailState.DEFERRED:
                error, _ = self._last(columns.created_at, name, state)
                standing = replace(standing, failing=count, failing_error=error)
            found[name] = replace(
                standing,
                owed=standing.owed + count,
                oldest=min(filter(None, (standing.oldest, oldest)), default=None),
                next_attempt=min(filter(None, (standing.next_attempt, attempt)), default=None),
            )
        return [found[name] for name in sorted(found)]

    def _last(
        self, order: Column[Any], profile: str, state: str
    ) -> tuple[str | None, datetime | None]:
        """Error and end of the newest mail in a state."""
        columns = self._table.c
        query = select(columns.last_error, columns.ended_at).where(
            columns.profile == profile, columns.state == state
        )
        row = self._connection.execute(query.order_by(order.desc()).limit(1)).first()
        return (None, None) if row is None else (row[0], row[1])

    def told_by(self, digest_id: str, most: int) -> tuple[list[Mail], int]:
        """The newest mails that a digest tells, at most so many, and how many there are."""
        columns = self._table.c
        told = columns.digest_id == digest_id
        query = (
            select(self._table).where(told).order_by(columns.created_at.desc(), columns.id.desc())
        )
        rows = self._connection.execute(query.limit(most))
        count = self._connection.execute(select(func.count()).where(told)).scalar_one()
        return [mail_of(row) for row in rows], count

    def of_execution(self, execution_id: str) -> list[Mail]:
        """The mails about an execution."""
        columns = self._table.c
        query = select(self._table).where(columns.execution_id == execution_id)
        return [mail_of(row) for row in self._connection.execute(query.order_by(columns.id))]


def mail_values(mail: Mail) -> dict[str, Any]:
    """For all columns but the id."""
    return {
        "execution_id": mail.execution_id,
        "profile": mail.profile,
        "state": mail.state,
        "recipients": _recipients(mail),
        "attempts": mail.attempts,
        "next_attempt_at": mail.next_attempt_at,
        "last_error": mail.last_error,
        "created_at": mail.created_at,
        "ended_at": mail.ended_at,
        "job_id": mail.job_id,
        "kind": mail.kind,
        "why": None if mail.why is None else mail.why.to_data(),
        "audience": mail.audience,
        "rule": None if mail.why is None else mail.why.rule,
        "thread": mail.thread,
        "held_until": mail.held_until,
        "digest_id": mail.digest_id,
        "resent_of": mail.resent_of,
        "requeued_at": mail.requeued_at,
        "subject": mail.subject and mail.subject[:LONGEST_SUBJECT],
        "log": [each.to_data() for each in mail.log[-KEPT_ATTEMPTS:]] or None,
    }


def _recipients(mail: Mail) -> Any:
    """Of a mail to those of its profile, the list of those it is still owed to, in most cases."""
    more = {"to": mail.to, "refused": mail.refused}
    given = {name: value for name, value in more.items() if value}
    return given | {"owed": mail.recipients} if given else mail.recipients


def mail_of(row: Row[Any]) -> Mail:
    """From a row with all columns of the table."""
    given = row.recipients if isinstance(row.recipients, dict) else {"owed": row.recipients}
    return Mail(
        id=row.id,
        execution_id=row.execution_id,
        profile=row.profile,
        state=MailState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        recipients=given["owed"],
        refused=given.get("refused", {}),
        to=given.get("to"),
        ended_at=row.ended_at,
        last_error=row.last_error,
        job_id=row.job_id,
        kind=MailKind(row.kind),
        why=None if row.why is None else why_from_data(row.why),
        audience=row.audience,
        thread=row.thread,
        held_until=row.held_until,
        digest_id=row.digest_id,
        resent_of=row.resent_of,
        requeued_at=row.requeued_at,
        subject=row.subject,
        log=tuple(map(attempt_from_data, row.log or ())),
    )
