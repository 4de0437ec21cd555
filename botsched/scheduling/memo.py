"""Answers that many ask for at the same time are worked out once."""

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

_MOST: Final = 100
_TIMES: Final = 10


class Memo(Generic[T]):
    """Keeps each answer for some seconds; whoever asks meanwhile waits for the one being made.

    One that took long is kept for ten times as long as it took, up to ``longest``, so that little
    of the time is spent on making answers, however many ask.
    """

    def __init__(
        self,
        seconds: float = 1.0,
        longest: float = 5.0,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._longest = longest
        self._timer = timer
        self._lock = Lock()
        self._answers: dict[Hashable, tuple[float, T]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer for a key. Raises what making it raises."""
        with self._lock:
            begun = self._timer()
            known: Any = self._answers.get(key)
            if known is not None and begun < known[0]:
                return known[1]  # type: ignore[no-any-return]
            answer = make()
            now = self._timer()
            if len(self._answers) >= _MOST:
                self._answers.clear()
            kept = max(self._seconds, min(_TIMES * (now - begun), self._longest))
            self._answers[key] = now + kept, answer
            return answer
