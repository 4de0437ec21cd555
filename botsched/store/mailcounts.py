"""What was mailed about a job, and to the same people: counts that limits and reminders ask for."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, func, select

from botsched.domain.mailhistory import Incident
from botsched.domain.outbox import MailKind
from botsched.domain.why import why_from_data


class MailCounts:
    """Reads only, each along an index of the outbox, and no further than need be.

    Counted is what goes out by itself: neither what was held nor what a user sent once more. Of a
    day on which nearly all is held for a limit, the first rows tell that it is reached.
    """

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table

    def by_rule(self, job_id: str, rule: int, profile: str, since: datetime, most: int) -> int:
        """Mails about a job that followed from this one of its rules, through this profile.

        They are counted up to ``most``.
        """
        values = {"job": job_id, "rule": rule, "profile": profile, "since": since, "most": most}
        count: int = self._connection.execute(_by_rule(self._table), values).scalar_one()
        return count

    def by_audience(self, audience: str, since: datetime, most: int) -> int:
        """Mails to the same people, about whatever job, counted up to ``most``."""
        values = {"audience": audience, "since": since, "most": most}
        count: int = self._connection.execute(_by_audience(self._table), values).scalar_one()
        return count

    def has_of_rule(self, job_id: str, rule: int, after: datetime) -> bool:
        """Whether a mail about an incident of a job followed from this rule after that moment."""
        values = {"job": job_id, "rule": rule, "after": after}
        return self._connection.execute(_of_rule(self._table), values).first() is not None

    def last_incident(self, job_id: str) -> tuple[str, Incident] | None:
        """The execution of a job about whose incident was mailed last, and that incident."""
        row = self._connection.execute(_of_incidents(self._table), {"job": job_id}).first()
        if row is None or row.why is None:
            return None
        why = why_from_data(row.why)
        return row.execution_id, Incident(row.thread, why.failures, why.since or row.created_at)


def _counted(table: Table, *wanted: ColumnElement[bool]) -> Select[Any]:
    mail = table.c
    since = bindparam("since", type_=mail.created_at.type)
    query = select(mail.id).where(
        *wanted,
        mail.created_at >= since,
        mail.kind == MailKind.RUN,
        mail.held_until.is_(None),
        mail.resent_of.is_(None),
        mail.requeued_at.is_(None),
    )
    found = query.order_by(mail.created_at).limit(bindparam("most")).subquery()
    return select(func.count()).select_from(found)


@lru_cache
def _by_rule(table: Table) -> Select[Any]:
    mail = table.c
    return _counted(
        table,
        mail.job_id == bindparam("job"),
        mail.rule == bindparam("rule"),
        mail.profile == bindparam("profile"),
    )


@lru_cache
def _by_audience(table: Table) -> Select[Any]:
    return _counted(table, table.c.audience == bindparam("audience"))


@lru_cache
def _of_incidents(table: Table) -> Select[Any]:
    """The newest mail of a job about an incident."""
    mail = table.c
    query = select(mail.created_at, mail.execution_id, mail.thread, mail.why)
    query = query.where(
        mail.job_id == bindparam("job"), mail.thread.is_not(None), mail.resent_of.is_(None)
    )
    return query.order_by(mail.created_at.desc(), mail.id.desc()).limit(1)


@lru_cache
def _of_rule(table: Table) -> Select[Any]:
    mail = table.c
    after = bindparam("after", type_=mail.created_at.type)
    return _of_incidents(table).where(mail.rule == bindparam("rule"), mail.created_at > after)
