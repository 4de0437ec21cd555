"""The table of the lease: which of the servers on a shared database schedules, and who stands by.

It has a row for the lease, which its holder renews; a row for the fence, which every transaction of
the holder locks for sharing and every take-over for itself; and a row for each server. All times
are told and compared by the clock of the database server.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Table,
    delete,
    insert,
    literal_column,
    or_,
    select,
    text,
    update,
)

from botsched.domain.instance import Instance, Lease, Sighting
from botsched.store.engine import session_name

LEASE_SECONDS: Final = 9
"""How long a lease is good for without being renewed."""

_LEASE, _FENCE, _INSTANCE = "scheduler", "fence", "instance "
_FORGOTTEN_SECONDS: Final = 24 * 3600
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NOW: Final = {"postgresql": "timezone('UTC', clock_timestamp())", "mysql": "UTC_TIMESTAMP(6)"}


class Leases:
    """The lease and the servers, as seen from inside one transaction."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._dialect = connection.dialect.name

    def prepare(self) -> None:
        """Make the rows that are always there; only one server at a time may do so."""
        columns = self._table.c
        found = set(self._connection.execute(select(columns.name)).scalars())
        rows = [
            {"name": name, "holder": "", "token": 0, "renewed_at": _NEVER, "expires_at": _NEVER}
            for name in (_LEASE, _FENCE)
            if name not in found
        ]
        if rows:
            self._connection.execute(insert(self._table), rows)

    def look(self) -> Lease:
        """Who has the lease."""
        columns = self._table.c
        expired = (columns.expires_at <= self._now()).label("expired")
        query = select(self._table, expired).where(columns.name.in_((_LEASE, _FENCE)))
        rows = {row.name: row for row in self._connection.execute(query)}
        lease = rows[_LEASE]
        return Lease(
            Instance.from_text(lease.holder) if lease.holder else None,
            lease.token,
            rows[_FENCE].renewed_at,
            lease.renewed_at,
            bool(lease.expired),
        )

    def take(self, instance: Instance, *, dead: int | None = None) -> int | None:
        """Take the lease, if it has expired or its token is ``dead``; gives the new token.

        Waits for a transaction of the former holder that is under way; none of its later ones
        passes the fence.
        """
        columns = self._table.c
        self._end_sessions_of_holder(dead)
        fence = select(columns.token).where(columns.name == _FENCE).with_for_update()
        token = int(self._connection.execute(fence).scalar_one()) + 1
        former = self.look().holder
        free = or_(columns.expires_at <= self._now(), columns.token == dead)
        values = {"holder": instance.to_text(), "token": token} | self._renewal()
        if not self._update(columns.name == _LEASE, free, **values):
            return None
        self._update(columns.name == _FENCE, **values)
        if former is not None and former.id != instance.id:
            # Gone, until it is heard of again.
            self._update(columns.name == _INSTANCE + former.id, expires_at=self._now())
        return token

    def bar(self) -> list[Instance]:
        """Keep all servers from scheduling until the transaction ends; gives those that are there.

        Waits for a transaction of the holder that is under way.
        """
        fence = select(self._table.c.token).where(self._table.c.name == _FENCE)
        self._connection.execute(fence.with_for_update())
        return [sighting.instance for sighting in self.sightings() if sighting.alive]

    def _end_sessions_of_holder(self, dead: int | None) -> None:
        """So that no lock stays of a holder that froze within a statement, where no limit helps.

        MySQL ends such sessions by itself, and does not tell which are whose.
        """
        lease = self.look()
        free = lease.expired or lease.token == dead
        if self._dialect == "postgresql" and free and lease.holder is not None:
            self._connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE application_name = :name AND datname = current_database() "
                    "AND usename = current_user AND pid <> pg_backend_pid()"
                ),
                {"name": session_name(lease.holder.id)},
            )

    def renew(self, token: int) -> bool:
        """Keep the lease; False when somebody else has taken it. One that expired is as good."""
        columns = self._table.c
        return self._update(columns.name == _LEASE, columns.token == token, **self._renewal())

    def release(self, token: int) -> None:
        """Give the lease back, so that another server need not wait for it to expire."""
        columns = self._table.c
        mine = (columns.name == _LEASE, columns.token == token)
        self._update(*mine, holder="", expires_at=_NEVER)

    def confirm(self, token: int) -> bool:
        """Whether the lease with this token is held; a take-over waits for this transaction."""
        columns = self._table.c
        query = select(columns.token).where(columns.name == _FENCE, columns.token == token)
        found = self._connection.execute(query.with_for_update(read=True))
        return found.one_or_none() is not None

    def appear(self, instance: Instance) -> None:
        """Note that this server is there, and forget those not heard of for a day."""
        columns = self._table.c
        name = _INSTANCE + instance.id
        if not self._update(columns.name == name, **self._renewal()):
            values = {"name": name, "holder": instance.to_text(), "token": 0} | self._renewal()
            self._connection.execute(insert(self._table).values(values))
            self._forget()

    def _forget(self) -> None:
        # By name, as MySQL would wait for the row of every server that appears at the same time,
        # each of which may wait for ours.
        columns = self._table.c
        old = columns.expires_at <= self._now(-_FORGOTTEN_SECONDS)
        query = select(columns.name).where(columns.name.startswith(_INSTANCE), old)
        if names := self._connection.execute(query.order_by(columns.name)).scalars().all():
            self._connection.execute(delete(self._table).where(columns.name.in_(names), old))

    def disappear(self, instance: Instance) -> None:
        """Note that this server ends."""
        mine = self._table.c.name == _INSTANCE + instance.id
        self._connection.execute(delete(self._table).where(mine))

    def sightings(self) -> list[Sighting]:
        """The servers heard of within the last day, the latest first."""
        columns = self._table.c
        alive = (columns.expires_at > self._now()).label("alive")
        query = select(columns.holder, columns.renewed_at, alive)
        query = query.where(columns.name.startswith(_INSTANCE)).order_by(columns.renewed_at.desc())
        return [
            Sighting(Instance.from_text(row.holder), row.renewed_at, bool(row.alive))
            for row in self._connection.execute(query)
        ]

    def _update(self, *conditions: ColumnElement[bool], **values: Any) -> bool:
        statement = update(self._table).where(*conditions).values(values)
        return self._connection.execute(statement).rowcount == 1

    def _renewal(self) -> dict[str, Any]:
        return {"renewed_at": self._now(), "expires_at": self._now(LEASE_SECONDS)}

    def _now(self, seconds: int = 0) -> ColumnElement[datetime]:
        """The moment by the database server's clock, so many seconds from now."""
        now = _NOW[self._dialect]
        interval = f"interval '{seconds}' second"
        return literal_column(f"({now} + {interval})" if seconds else now, DateTime())
