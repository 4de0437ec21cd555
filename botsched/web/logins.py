"""Who came in lately, so that the audit log holds logins and not every request."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

SILENCE_SECONDS: Final = 30 * 60.0
_REMEMBERED: Final = 10_000


class Logins:
    """Tells the first request of a user from an address, and the first after a long silence."""

    def __init__(
        self, record: Callable[[str, str], None], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._record = record
        self._now = now
        self._last: OrderedDict[tuple[str, str], float] = OrderedDict()

    def seen(self, user: str, address: str) -> None:
        """Note a request; record a login when it is the first."""
        now = self._now()
        last = self._last.pop((user, address), None)
        self._last[user, address] = now
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        if last is None or now - last > SILENCE_SECONDS:
            self._record(user, address)
