"""The mails of one profile as they are sent: claimed, tried, recorded; and those that are held."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, Update, and_, func, select, update

from botsched.domain.news import Notes, Topic
from botsched.domain.outbox import (
    LONGEST_RETRY,
    LONGEST_WAIT,
    AttemptOutcome,
    Mail,
    MailState,
)
from botsched.store.outbox import mail_of, mail_values

_TO_BE_TRIED = (MailState.QUEUED, MailState.DEFERRED)


@dataclass(frozen=True, slots=True)
class HeldMails:
    """Mails to the same people through the same profile whose hour has come."""

    count: int
    newest: Mail


class MailQueue:
    """Changes are made only to mails that still are as they were seen: others change them, too."""

    def __init__(self, connection: Connection, table: Table, notes: Notes) -> None:
        self._connection = connection
        self._table = table
        self._notes = notes

    def has_work(self, profile: str, now: datetime) -> bool:
        """Whether there is a mail to be tried, one whose hour has come, or one cut off."""
        columns = self._table.c
        conditions = (
            columns.next_attempt_at <= now,
            self._is_held(now),
            columns.state == MailState.SENDING,
            *self._ahead(now),
        )
        of_it = select(columns.id).where(columns.profile == profile)
        return any(
            self._connection.execute(of_it.where(each).limit(1)).first() for each in conditions
        )

    def claim(self, profile: str, now: datetime) -> Mail | None:
        """Take the mail that waits longest, to be tried now; None when there is none.

        Of thousands that are due at the same instant any is as good: the index has the first one.
        """
        columns = self._table.c
        of_it = select(self._table).where(columns.profile == profile)
        of_it = of_it.where(columns.state.in_(_TO_BE_TRIED)).limit(1)
        due = of_it.where(columns.next_attempt_at <= now).order_by(columns.next_attempt_at)
        queries = (due, *(of_it.where(each) for each in self._ahead(now)))
        rows = (self._connection.execute(query).first() for query in queries)
        row = next(filter(None, rows), None)
        if row is None:
            return None
        before = mail_of(row)
        mail = replace(before, state=MailState.SENDING, attempts=before.attempts + 1)
        statement = update(self._table).where(
            columns.id == mail.id,
            columns.state == before.state,
            columns.attempts == before.attempts,
        )
        values = {"state": mail.state, "attempts": mail.attempts}
        changed = self._changed(statement.values(values))
        return mail if changed else None

    def record(self, mail: Mail) -> bool:
        """Record how an attempt at a claimed mail went; False when it is not under way any more.

        What has arrived, be it with some, is recorded also when the server that took over had put
        it off as cut off, so that it is not sent to them once more.
        """
        columns = self._table.c
        before = [MailState.SENDING]
        if mail.log and mail.log[-1].outcome is AttemptOutcome.DELIVERED:
            before.append(MailState.DEFERRED)
        statement = update(self._table).where(
            columns.id == mail.id,
            columns.state.in_(before),
            columns.attempts == mail.attempts,
        )
        return self._changed(statement.values(mail_values(mail))) > 0

    def hasten(self, profile: str, now: datetime) -> None:
        """Have what was put off tried at once, the oldest first."""
        columns = self._table.c
        statement = update(self._table).where(
            columns.profile == profile,
            columns.state == MailState.DEFERRED,
            columns.next_attempt_at > now,
            columns.created_at <= now,
        )
        self._changed(statement.values(next_attempt_at=columns.created_at))

    def sending(self, profile: str) -> list[Mail]:
        """The mails that are claimed."""
        columns = self._table.c
        query = select(self._table).where(
            columns.profile == profile, columns.state == MailState.SENDING
        )
        return [mail_of(row) for row in self._connection.execute(query.order_by(columns.id))]

    def held(self, profile: str, now: datetime) -> Iterator[HeldMails]:
        """The mails whose hour has come, by whom they are for."""
        columns = self._table.c
        query = select(func.count(), func.max(columns.id))
        query = query.where(columns.profile == profile, self._is_held(now))
        query = query.group_by(columns.audience).order_by(func.max(columns.id))
        for count, newest in self._connection.execute(query).all():
            row = self._connection.execute(select(self._table).where(columns.id == newest)).one()
            yield HeldMails(count, mail_of(row))

    def release(self, mail: Mail, now: datetime) -> None:
        """Queue one that was held."""
        columns = self._table.c
        statement = update(self._table).where(
            columns.id == mail.id, columns.state == MailState.HELD
        )
        values = {"state": MailState.QUEUED, "next_attempt_at": now}
        self._changed(statement.values(values))

    def tell_in(self, digest: Mail, now: datetime) -> int:
        """End what was held until now for the people of a digest: it is told there.

        Gives how many mails these are.
        """
        columns = self._table.c
        statement = update(self._table).where(
            columns.profile == digest.profile,
            columns.audience == digest.audience,
            self._is_held(now),
        )
        values = {"state": MailState.DIGESTED, "digest_id": digest.id, "ended_at": now}
        return self._changed(statement.values(values))

    def _changed(self, statement: Update) -> int:
        """Change rows; how many there were to be changed."""
        self._notes[Topic.MAIL, ""] = ""
        return self._connection.execute(statement).rowcount

    def _ahead(self, now: datetime) -> tuple[ColumnElement[bool], ...]:
        """What is to be tried though its time is to come: the clock was set back meanwhile.

        Of what is queued, that time was when it was.
        """
        columns, longest = self._table.c, LONGEST_WAIT + LONGEST_RETRY
        return columns.state == MailState.QUEUED, columns.next_attempt_at > now + longest

    def _is_held(self, now: datetime) -> ColumnElement[bool]:
        columns = self._table.c
        return and_(columns.state == MailState.HELD, columns.held_until <= now)
