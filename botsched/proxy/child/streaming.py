"""Lets event streams and large answers through as they come, and ends streams that outlive it."""

import asyncio
from collections.abc import Mapping
from typing import Final

from mitmproxy.connection import Client
from mitmproxy.http import HTTPFlow

from botsched.proxy.child.connections import Connections
from botsched.proxy.child.gate import USER

_LARGEST_BUFFERED: Final = 64 * 1024
_LONGEST_STREAM: Final = 3600.0


class Streaming:
    """Passes answers on without collecting them.

    A login is checked only when a stream begins. So a stream ends after an hour, or when its
    user's password has changed, and browsers then connect anew.
    """

    def __init__(self, connections: Connections, longest: float = _LONGEST_STREAM) -> None:
        self._connections = connections
        self._longest = longest
        self._streams: dict[str, tuple[str, asyncio.TimerHandle]] = {}

    def responseheaders(self, flow: HTTPFlow) -> None:
        assert flow.response is not None
        length = flow.response.headers.get("content-length", "")
        upgraded = flow.response.status_code == 101
        flow.response.stream = not upgraded and not (
            length.isdecimal() and int(length) <= _LARGEST_BUFFERED
        )
        if upgraded or flow.response.stream:
            self._watch(flow)

    def response(self, flow: HTTPFlow) -> None:
        assert flow.response is not None
        if flow.response.status_code != 101:
            self.client_disconnected(flow.client_conn)

    def websocket_message(self, flow: HTTPFlow) -> None:
        assert flow.websocket is not None
        del flow.websocket.messages[:-1]  # mitmproxy would keep them all

    def client_disconnected(self, client: Client) -> None:
        _, timer = self._streams.pop(client.id, (None, None))
        if timer is not None:
            timer.cancel()

    def end_for(self, before: Mapping[str, str], now: Mapping[str, str]) -> None:
        """End the streams of users whose hash has changed or gone."""
        for client_id, (user, _) in list(self._streams.items()):
            if before.get(user) != now.get(user):
                self._connections.close(client_id)

    def _watch(self, flow: HTTPFlow) -> None:
        client_id = flow.client_conn.id
        timer = asyncio.get_running_loop().call_later(
            self._longest, self._connections.close, client_id
        )
        self._streams[client_id] = (flow.metadata.get(USER, ""), timer)
