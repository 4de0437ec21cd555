"""How many mails a minute a channel is given."""

import threading
import time
from collections import deque
from collections.abc import Callable

_MINUTE = 60.0


class Pace:
    """At most ``per_minute`` uses in any minute, None for any number; for several threads."""

    def __init__(self, per_minute: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._limit = per_minute
        self._used: deque[float] = deque(maxlen=per_minute)

    @property
    def has_room(self) -> bool:
        """Whether there may be another use now."""
        if self._limit is None:
            return True
        with self._lock:
            full = len(self._used) == self._limit
            return not full or self._clock() - self._used[0] >= _MINUTE

    def use(self) -> None:
        """Count a use."""
        if self._limit is not None:
            with self._lock:
                self._used.append(self._clock())
