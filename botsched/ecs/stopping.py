"""A run that hears that it is to stop, and goes on until it has seen to its tasks."""

import os
import select
import signal
from types import TracebackType
from typing import Self


class StopSignal:
    """SIGTERM while this is entered, which must be in the main thread."""

    def __init__(self) -> None:
        self.came = False

    def __enter__(self) -> Self:
        self._heard, self._tell = os.pipe()
        self._before = signal.signal(signal.SIGTERM, self._hear)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGTERM, self._before)
        os.close(self._heard)
        os.close(self._tell)

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until it comes; tell whether it came."""
        if not self.came:
            select.select([self._heard], [], [], seconds)
        return self.came

    def _hear(self, number: int, frame: object) -> None:  # noqa: ARG002  as signal handlers are
        if not self.came:
            self.came = True
            os.write(self._tell, b".")
