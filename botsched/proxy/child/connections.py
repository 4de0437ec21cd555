"""The one place that reaches into mitmproxy's live connections."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from mitmproxy.addons.proxyserver import Proxyserver


class Connections:
    """Client connections by their id."""

    def __init__(self, proxyserver: Proxyserver) -> None:
        self._handlers = proxyserver.connections

    def close(self, client_id: str) -> None:
        """End a connection at once; harmless when it has ended."""
        handler = self._handlers.get(client_id)
        transport = handler and handler.transports.get(handler.client)
        if transport and transport.handler:
            transport.handler.cancel("closed by the proxy")

    def release(self, client_id: str) -> None:
        """Close the socket of a connection that has ended.

        mitmproxy 12 leaves it open when the end comes while data is waiting to be handled, as it
        does with a refused upload; each would then cost a descriptor for ever.
        """
        handler = self._handlers.get(client_id)
        transport = handler and handler.transports.get(handler.client)
        if transport and transport.writer:
            transport.writer.close()

    @contextlib.asynccontextmanager
    async def paused(self, client_id: str) -> AsyncIterator[None]:
        """Read nothing more from a connection meanwhile, so that it cannot fill our memory.

        Reading waits for this lock after each piece of data.
        """
        handler = self._handlers.get(client_id)
        lock = getattr(handler, "_drain_lock", None) or asyncio.Lock()
        async with lock:
            yield
