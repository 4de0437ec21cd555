"""Whether the database works, as its last uses went; the one place where an outage is logged."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from botsched.errors import StoreCorruptError, StoreUnavailableError

log = logging.getLogger(__name__)

_REPEAT_SECONDS = 60.0


class Health:
    """What is wrong, separately for each use (reading, writing), until that use succeeds.

    An outage is logged when it begins, then once a minute, and when it is over, however many
    ask the database meanwhile.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._faults: dict[str, str] = {}
        self._lock = threading.Lock()
        self._log_again: dict[str, float] = {}
        self._told = False

    @property
    def fault(self) -> str | None:
        """What is wrong, in the words of the last error; None when all is well."""
        return next(iter(list(self._faults.values())), None)

    @contextmanager
    def of(self, use: str) -> Iterator[None]:
        """Note how one use of the database goes; errors pass on as they are."""
        try:
            yield
        except (StoreUnavailableError, StoreCorruptError) as error:
            self._failed(use, str(error))
            raise
        if self._faults:
            self._succeeded(use)

    def _failed(self, use: str, fault: str) -> None:
        with self._lock:
            self._faults[use] = fault
            now = time.monotonic()
            if now >= self._log_again.get(fault, 0.0):
                self._log_again[fault] = now + _REPEAT_SECONDS
                self._told = True
                log.error("%s", fault)

    def _succeeded(self, use: str) -> None:
        with self._lock:
            self._faults.pop(use, None)
            if self._told and not self._faults:
                self._told = False
                log.warning("The database %s answers again.", self._name)
