"""Transactions that the database takes back, so that others can go on."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from botsched.store.errors import DeadlockError

_MOST: Final = 5
"""So often in a row a transaction is done anew."""

T = TypeVar("T")


def despite_deadlocks(work: Callable[[], T]) -> T:
    """What the work returns, which is one transaction; done anew when others' were preferred."""
    for _ in range(_MOST):
        with suppress(DeadlockError):
            return work()
    return work()
