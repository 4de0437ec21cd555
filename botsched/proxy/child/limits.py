"""Keeps strangers from holding more connections, or holding them for longer, than they need."""

import asyncio
from collections import Counter
from typing import Final

from mitmproxy.connection import Client

from botsched.proxy.child.connections import Connections

_MOST = 1024
_MOST_BY_ADDRESS: Final = 128
_MOST_STRANGERS_BY_ADDRESS: Final = 24
_LOGIN_WITHIN: Final = 10.0


class Limits:
    """A cap on connections by address, and a deadline in which a new connection must log in.

    A stranger is a connection that has not logged in yet. The deadline ends connections that send
    their TLS greeting, their headers or a refused body a byte at a time.
    """

    def __init__(self, connections: Connections, login_within: float = _LOGIN_WITHIN) -> None:
        self._connections = connections
        self._login_within = login_within
        self._deadlines: dict[str, asyncio.TimerHandle] = {}
        self._open: Counter[str] = Counter()
        self._strangers: Counter[str] = Counter()

    def client_connected(self, client: Client) -> None:
        address = client.peername[0]
        self._open[address] += 1
        self._strangers[address] += 1
        self._deadlines[client.id] = asyncio.get_running_loop().call_later(
            self._login_within, self._connections.close, client.id
        )
        if (
            self._open.total() > _MOST
            or self._open[address] > _MOST_BY_ADDRESS
            or self._strangers[address] > _MOST_STRANGERS_BY_ADDRESS
        ):
            client.error = "too many connections"  # this makes mitmproxy close it

    def welcome(self, client: Client) -> None:
        """The connection has logged in."""
        deadline = self._deadlines.pop(client.id, None)
        if deadline is not None:
            deadline.cancel()
            _decrement(self._strangers, client.peername[0])

    def client_disconnected(self, client: Client) -> None:
        self.welcome(client)
        _decrement(self._open, client.peername[0])


def _decrement(counter: Counter[str], key: str) -> None:
    """Keys at zero are dropped, or the counter would grow with every address ever seen."""
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
