"""Mails as users see and change them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    func,
    or_,
    select,
    update,
)

from botsched.domain.execution import State
from botsched.domain.maillist import DISCARDED, REQUEUED, ListedMail, MailFilter
from botsched.domain.news import Notes, Topic
from botsched.domain.outbox import MailState
from botsched.domain.paging import Page, Paging
from botsched.errors import NotFoundError
from botsched.store.outbox import mail_of
from botsched.store.paging import Order, fetch_page
from botsched.store.statements import portions
from botsched.store.text import containing


class MailList:
    """The outbox beside the executions that its mails are about.

    Changes are made only to mails that still are as they may be for it: they are sent meanwhile.
    """

    def __init__(
        self, connection: Connection, outbox: Table, executions: Table, notes: Notes
    ) -> None:
        self._connection = connection
        self._table = outbox
        self._executions = executions
        self._notes = notes

    def find(self, wanted: MailFilter, paging: Paging) -> Page[ListedMail]:
        """Mails, the newest first."""
        columns = self._table.c
        query = self._with_executions()
        for name in ("execution_id", "digest_id", "job_id"):
            value = getattr(wanted, name)
            query = query if value is None else query.where(columns[name] == value)
        either = [columns.state == state for state in sorted(wanted.states)]
        searched: list[ColumnElement[bool]] = []
        if wanted.profile is not None:
            searched.append(columns.profile == wanted.profile)
        if wanted.text:
            texts = columns.subject, columns.recipients, columns.last_error
            searched.append(containing(wanted.text, self._executions.c.job_name, *texts))
        if either and (searched or wanted.job_id or wanted.execution_id or wanted.digest_id):
            searched.append(or_(*either))
            either = []
        return fetch_page(
            self._connection,
            query,
            Order((columns.created_at, columns.id), descending=True),
            paging,
            _listed,
            begin=wanted.end,
            end=wanted.start,
            either=either,
            sought=and_(*searched) if searched else None,
        )

    def get(self, mail_id: str) -> ListedMail:
        """One mail. Raises NotFoundError."""
        query = self._with_executions().where(self._table.c.id == mail_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError("mail", mail_id)
        return _listed(row)

    def counts(self) -> dict[str, dict[MailState, int]]:
        """How many mails of each profile are in each state; profiles by name."""
        columns = self._table.c
        query = select(columns.profile, columns.state, func.count())
        query = query.group_by(columns.profile, columns.state).order_by(columns.profile)
        found: dict[str, dict[MailState, int]] = {}
        for profile, state, count in self._connection.execute(query):
            found.setdefault(profile, {})[MailState(state)] = count
        return found

    def ids(self, wanted: MailFilter) -> list[str]:
        """The ids of mails in some states, through a profile, about a job; the oldest first."""
        columns = self._table.c
        query = select(columns.id).where(columns.state.in_(wanted.states))
        if wanted.profile is not None:
            query = query.where(columns.profile == wanted.profile)
        if wanted.job_id is not None:
            query = query.where(columns.job_id == wanted.job_id)
        query = query.order_by(columns.created_at, columns.id)
        return list(self._connection.execute(query).scalars())

    def requeue(self, ids: Iterable[str], at: datetime) -> int:
        """Queue mails anew that were given up, put off or held; return how many of these are so."""
        values = {
            "state": MailState.QUEUED,
            "attempts": 0,
            "next_attempt_at": at,
            "requeued_at": at,
            "ended_at": None,
            "held_until": None,
        }
        return sum(self._change(some, REQUEUED, values) for some in portions(ids))

    def discard(self, mail_id: str, words: str, at: datetime) -> bool:
        """Give up a mail that waits; False when it does not, any more."""
        values = {
            "state": MailState.DEAD,
            "next_attempt_at": None,
            "ended_at": at,
            "last_error": words,
        }
        return self._change([mail_id], DISCARDED, values) == 1

    def _change(self, ids: list[str], among: frozenset[MailState], values: dict[str, Any]) -> int:
        columns = self._table.c
        statement = update(self._table).where(columns.id.in_(ids), columns.state.in_(sorted(among)))
        self._notes[Topic.MAIL, ""] = ""
        return self._connection.execute(statement.values(values)).rowcount

    def _with_executions(self) -> Select[Any]:
        run = self._executions.c
        query = select(
            self._table, run.job_id.label("of_job"), run.job_name, run.state.label("outcome")
        )
        return query.outerjoin(self._executions, run.id == self._table.c.execution_id)


def _listed(row: Row[Any]) -> ListedMail:
    outcome = None if row.outcome is None else State(row.outcome)
    return ListedMail(mail_of(row), row.of_job or row.job_id or "", row.job_name or "", outcome)
