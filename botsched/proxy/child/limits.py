"""Keeps strangers from holding more connections, or holding them for longer, than they need."""

import asyncio
from collections import Counter
from typing import Final

from mitmproxy.connection import Client
from mitmproxy.tls import ClientHelloData

from botsched.proxy.child.connections import Connections

_MOST: Final = 1024
_MOST_OF_ADDRESS: Final = 256
_MOST_STRANGERS: Final = 64
_LOGIN_WITHIN: Final = 10.0


class Limits:
    """A cap on connections, and a deadline in which a new one must log in.

    A stranger is a connection that has not logged in yet. When an address has as many of them as it
    may, further ones wait in line, still unread: a TLS handshake is the most that a stranger can
    cost us. The deadline ends those that send greeting, headers or a refused body a byte at a time.
    """

    def __init__(
        self,
        connections: Connections,
        most_strangers: int = _MOST_STRANGERS,
        login_within: float = _LOGIN_WITHIN,
    ) -> None:
        self._connections = connections
        self._most_strangers = most_strangers
        self._login_within = login_within
        self._open: Counter[str] = Counter()
        self._places: dict[str, asyncio.Semaphore] = {}
        self._deadlines: dict[str, asyncio.TimerHandle] = {}
        self._handshake = asyncio.Lock()

    async def client_connected(self, client: Client) -> None:
        address = client.peername[0]
        self._open[address] += 1
        if self._open.total() > _MOST or self._open[address] > _MOST_OF_ADDRESS:
            client.error = "too many connections"  # this makes mitmproxy close it
            return
        places = self._places.get(address)
        if places is None:
            places = self._places[address] = asyncio.Semaphore(self._most_strangers)
        await places.acquire()
        self._deadlines[client.id] = asyncio.get_running_loop().call_later(
            self._login_within, self._connections.close, client.id
        )

    async def tls_clienthello(self, _: ClientHelloData) -> None:
        """Begin one handshake, of some milliseconds, in a turn of the loop: others wait less."""
        async with self._handshake:
            await asyncio.sleep(0)

    def welcome(self, client: Client) -> None:
        """The connection has logged in: it is no stranger any more."""
        deadline = self._deadlines.pop(client.id, None)
        if deadline is not None:
            deadline.cancel()
            self._places[client.peername[0]].release()

    def client_disconnected(self, client: Client) -> None:
        address = client.peername[0]
        self.welcome(client)
        self._connections.release(client.id)
        self._open[address] -= 1
        if not self._open[address]:  # or these would grow with every address ever seen
            del self._open[address]
            self._places.pop(address, None)
