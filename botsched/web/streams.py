"""How many event streams are open, and for whom."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from botsched.web.errors import BusyError, TooManyError

MOST: Final = 200
MOST_OF_USER: Final = 40


class Streams:
    """Counts, so that nobody takes all. Belongs to the event loop."""

    def __init__(self, most: int = MOST, most_of_user: int = MOST_OF_USER) -> None:
        self._most = most
        self._most_of_user = most_of_user
        self._open: Counter[str] = Counter()

    @contextmanager
    def place(self, user: str) -> Iterator[None]:
        """A place for one more. Raises TooManyError or BusyError."""
        if self._open[user] >= self._most_of_user:
            raise TooManyError(
                f"{user!r} has {self._open[user]} event streams open, as many as one user may "
                "have. Close some; the tabs of one browser share one."
            )
        if self._open.total() >= self._most:
            raise BusyError(
                f"{self._most} event streams are open, as many as there may be. Try again later."
            )
        self._open[user] += 1
        try:
            yield
        finally:
            self._open[user] -= 1
            if not self._open[user]:
                del self._open[user]
