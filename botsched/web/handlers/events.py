"""What changes, told as it happens: server-sent events."""

import asyncio
from contextlib import suppress
from typing import Final

from tornado.iostream import StreamClosedError

from botsched.feed.ring import Told
from botsched.web.encoding import to_text
from botsched.web.gate import EVENTS_PATH
from botsched.web.handler import Handler
from botsched.web.headers import EVENTS
from botsched.web.routing import Route

_PING_SECONDS: Final = 20.0
_LIFE_SECONDS: Final = 3600.0
"""A login is checked at the beginning of a stream only."""

_PING: Final = "event: ping\ndata: {}\n\n"


class Events(Handler):
    """One stream, from its first event to its end. It takes no thread."""

    def prepare(self) -> None:
        """Called by tornado."""
        super().prepare()
        self._gone = False
        self._woken = asyncio.Event()

    def on_connection_close(self) -> None:
        """Called by tornado when the client has gone."""
        self._gone = True
        self._woken.set()

    async def get(self) -> None:
        """Tell what changes, from now on or from behind the event that was heard last."""
        query = self.query
        place = query.text("after") or self.request.headers.get("Last-Event-ID") or None
        query.done()
        with self.context.streams.place(self.user):
            self.set_header("Content-Type", EVENTS)
            # Nobody on the way is to pack or to collect what should come at once.
            self.set_header("Cache-Control", "no-store, no-transform")
            self.set_header("X-Accel-Buffering", "no")
            if self.request.method != "HEAD":
                # Cancelled, it is the program that ends, and this with it.
                with suppress(StreamClosedError, TimeoutError, asyncio.CancelledError):
                    async with asyncio.timeout(_LIFE_SECONDS):
                        await self._tell(place)

    async def _tell(self, place: str | None) -> None:
        loop, feed = asyncio.get_running_loop(), self.services.feed
        with feed.listening(lambda: loop.call_soon_threadsafe(self._woken.set)):
            told = feed.read(place)
            if not told.reset:
                place = place or told.place
                await self._send(_event("hello", Told(place)))
            while not (self._gone or feed.closed):
                self._woken.clear()
                told = feed.read(place)
                if told.reset or told.news:
                    place = told.place
                    await self._send(_event("reset" if told.reset else "changes", told))
                elif not await self._woken_within(_PING_SECONDS):
                    await self._send(_PING)

    async def _woken_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._woken.wait()
        return False

    async def _send(self, text: str) -> None:
        """Send it, and wait until it is on its way: so a slow reader costs no memory."""
        self.write(text)
        await self.flush()


def _event(kind: str, told: Told) -> str:
    news = [{"type": each.topic, **each.data} for each in told.news]
    return f"id: {told.place}\nevent: {kind}\ndata: {to_text(news)}\n\n"


routes = [Route(EVENTS_PATH, Events)]
