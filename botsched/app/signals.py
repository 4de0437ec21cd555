"""Signals to stop, counted."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Signals:
    """Counts the signals to stop from now on: SIGTERM, SIGINT, and SIGHUP unless under nohup."""

    def __init__(self) -> None:
        self.count = 0
        self._came = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self._take)

    async def reach(self, count: int) -> None:
        """Wait until so many have come."""
        while self.count < count:
            self._came.clear()
            await self._came.wait()

    async def unless_one_comes(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What the work comes to; None when a signal came first, and the work was cancelled."""
        working = asyncio.ensure_future(work)
        coming = asyncio.ensure_future(self.reach(1))
        await asyncio.wait({working, coming}, return_when=asyncio.FIRST_COMPLETED)
        coming.cancel()
        if working.done():
            return working.result()
        working.cancel()
        await asyncio.wait({working})
        return None

    def _take(self) -> None:
        self.count += 1
        self._came.set()
