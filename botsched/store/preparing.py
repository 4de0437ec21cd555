"""One server at a time makes or changes the tables of a database on a server."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from sqlalchemy import Connection, Table, delete, select, text
from sqlalchemy.exc import DBAPIError

from botsched.store.errors import InUseError

_WAIT_SECONDS = 30.0
_LOOK_SECONDS = 0.1

# Of this schema in this database; and, in MySQL, where a lock is the whole server's, of this one.
# A server of the first release holds the same lock as long as it runs: it knows no lease.
_TAKE: Final = {
    "postgresql": "SELECT pg_try_advisory_xact_lock("
    "1651471475, to_regnamespace(current_schema())::oid::int)",
    "mysql": "SELECT GET_LOCK(CONCAT('bots-scheduler ', SHA1(DATABASE())), 0)",
}
_RELEASE: Final = "SELECT RELEASE_LOCK(CONCAT('bots-scheduler ', SHA1(DATABASE())))"
_HOLDER: Final = "holder"


@contextmanager
def preparing(connection: Connection, meta: Table, name: str) -> Iterator[None]:
    """Hold the lock inside, until what was done there is committed. Raises InUseError."""
    take = text(_TAKE[connection.dialect.name])
    end = time.monotonic() + _WAIT_SECONDS
    while not connection.execute(take).scalar_one():
        if time.monotonic() > end:
            raise InUseError(
                f"The database {name} is in use by a server of an older version"
                f"{_holder(connection, meta)}. Stop that one first, or use another database."
            )
        time.sleep(_LOOK_SECONDS)
    try:
        yield
        connection.execute(delete(meta).where(meta.c.name == _HOLDER))
        connection.commit()  # or the next one would not see it, and do it again
    finally:
        if connection.dialect.name == "mysql":
            with suppress(DBAPIError):  # the lock goes with the connection
                connection.execute(text(_RELEASE))


def _holder(connection: Connection, meta: Table) -> str:
    """The server of the first release that holds the lock, in brackets, if it is written down."""
    with suppress(DBAPIError):
        query = select(meta.c.value).where(meta.c.name == _HOLDER)
        if found := connection.execute(query).scalar_one_or_none():
            return f" ({found})"
    return ""
