"""A database on a server, held by one of our servers at a time."""

import os
import platform
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, event, insert

from botsched.store.engine import Engines
from botsched.store.errors import HeldError
from botsched.store.schema import Schema

_WAIT_SECONDS = 3.0
"""So long a server may take to see that the program that held the lock is gone."""

# Of this schema in this database; and, in MySQL, where a lock is the whole server's, of this one.
_LOCK = {
    "postgresql": (
        "SELECT pg_try_advisory_lock(1651471475, to_regnamespace(current_schema())::oid::int)"
    ),
    "mysql": "SELECT GET_LOCK(CONCAT('bots-scheduler ', SHA1(DATABASE())), 0)",
}
_HOLDER = "holder"


class ServerLock:
    """The lock belongs to the connection that writes, so that nothing is written without it.

    When that connection is lost, so is the lock, and the next connection has to take it before
    it is of any use.
    """

    def __init__(self, engines: Engines, schema: Schema) -> None:
        self._name = engines.name
        self._meta = schema.meta
        self._statement = _LOCK[engines.writing.dialect.name]
        self._told = False
        event.listen(engines.writing, "connect", self._take)

    def tell(self, connection: Connection) -> None:
        """Write down who holds the lock, for those who find it taken."""
        connection.execute(delete(self._meta).where(self._meta.c.name == _HOLDER))
        connection.execute(insert(self._meta), {"name": _HOLDER, "value": _ourselves()})
        self._told = True

    def _take(self, connection: Any, _record: object) -> None:
        """Take the lock on a new connection of the driver. Raises HeldError."""
        cursor = connection.cursor()
        end = time.monotonic() + _WAIT_SECONDS
        while not self._try(cursor):
            if time.monotonic() > end:
                holder = self._holder(cursor)
                connection.close()
                raise HeldError(
                    f"The database {self._name} is in use by another server{holder}. "
                    "Stop that one first, or use another database."
                )
            time.sleep(0.1)
        if self._told:
            values = (_ourselves(), _HOLDER)
            cursor.execute(f"UPDATE {self._meta.name} SET value = %s WHERE name = %s", values)  # noqa: S608
        connection.commit()
        cursor.close()

    def _try(self, cursor: Any) -> bool:
        cursor.execute(self._statement)
        return bool(cursor.fetchone()[0])

    def _holder(self, cursor: Any) -> str:
        """Who holds the lock, in brackets; empty where it is not written down yet."""
        with suppress(Exception):  # the table may not be made yet
            cursor.execute(f"SELECT value FROM {self._meta.name} WHERE name = %s", (_HOLDER,))  # noqa: S608
            return f" ({cursor.fetchone()[0]})"
        return ""


def _ourselves() -> str:
    now = datetime.now(UTC)
    return f"process {os.getpid()} on {platform.node()}, since {now:%Y-%m-%d %H:%M:%S} UTC"
