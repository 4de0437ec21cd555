"""What this server may record of scheduling and running, while others share its database."""

import time

from sqlalchemy import Connection, Table

from botsched.errors import FencedError, StoreError, StoreUnavailableError
from botsched.store.leases import Leases

ALONE = 0
"""Stands for a token where no other server can share the database."""


def elapsed() -> float:
    """Seconds on a clock that nobody sets, and that goes on while the machine is suspended."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Fence:
    """The token of the lease as this server knows it, and until when it may rely on that.

    Without a ``table`` the database is a file, held by its own lock, and everything passes.
    """

    def __init__(self, table: Table | None) -> None:
        self._table = table
        self._lease: tuple[int, float] | None = None

    @property
    def token(self) -> int | None:
        """The token of the lease that this server holds, or held when it last could ask."""
        if self._table is None:
            return ALONE
        return None if self._lease is None else self._lease[0]

    @property
    def open(self) -> bool:
        """Whether runs may be started and recorded now."""
        lease = self._lease
        return self._table is None or (lease is not None and elapsed() < lease[1])

    def grant(self, token: int, until: float) -> None:
        """The lease is held, and may be relied on until that moment of ``elapsed``."""
        self._lease = (token, until)

    def withdraw(self) -> None:
        """The lease is not held any more."""
        self._lease = None

    def refusal(self, token: int | None) -> StoreError | None:
        """What speaks against recording now what was begun under this token."""
        if token is None or token != self.token:
            return _fenced()
        return None if self.open else _unsure()

    def confirm(self, connection: Connection, token: int) -> None:
        """Raise FencedError when another server has taken over; else that waits for the commit."""
        if self._table is not None and not Leases(connection, self._table).confirm(token):
            raise _fenced()


def _fenced() -> FencedError:
    return FencedError(
        "Another server on the same database has taken over the schedule; this one records nothing."
    )


def _unsure() -> StoreUnavailableError:
    return StoreUnavailableError(
        "The lease on the schedule could not be renewed in time; until it is, nothing is started "
        "or recorded. See that the database answers."
    )
