"""Answers that many ask for at the same time are worked out once."""

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

_MOST: Final = 100


class Memo(Generic[T]):
    """Keeps each answer for some seconds; whoever asks meanwhile waits for the one being made."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._answers: dict[Hashable, tuple[float, T]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer for a key. Raises what making it raises."""
        with self._lock:
            known: Any = self._answers.get(key)
            if known is not None and time.monotonic() - known[0] < self._seconds:
                return known[1]  # type: ignore[no-any-return]
            answer = make()
            if len(self._answers) >= _MOST:
                self._answers.clear()
            self._answers[key] = time.monotonic(), answer
            return answer
