"""Requests over one kept connection."""

import base64
import http.client
import os
import select
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from botsched.client.access import Access
from botsched.client.errors import ConnectionFailedError
from botsched.client.explaining import explained

_REPEATABLE: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``headers`` by their names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """One connection at a time, which is kept; requests of several threads take turns.

    A process that was forked off makes one of its own.
    """

    def __init__(self, access: Access, context: ssl.SSLContext | None, timeout: float) -> None:
        self._access = access
        self._context = context
        self._timeout = timeout
        self._turn = threading.Lock()
        self._connection: http.client.HTTPConnection | None = None
        self._process = os.getpid()

    def close(self) -> None:
        """Close the connection; the next request makes another."""
        with self._turn:
            self._drop()

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Answer:
        """One request and its answer, whatever its status. Raises ConnectionFailedError."""
        sent = {**self._login(), **headers}
        with self._turn:
            kept = self._usable()
            try:
                return self._exchange(method, path, body, sent)
            except (http.client.HTTPException, OSError) as error:
                self._drop()
                if not (kept and method in _REPEATABLE and _is_broken(error)):
                    raise self._explained(error) from None
            except BaseException:
                self._drop()  # an answer that nobody waited for would be taken for the next one
                raise
            try:  # the server closed it while the request was on its way
                return self._exchange(method, path, body, sent)
            except (http.client.HTTPException, OSError) as error:
                self._drop()
                raise self._explained(error) from None

    def _usable(self) -> bool:
        """Whether a kept connection is still open: what can be read from an idle one is its end."""
        if self._process != os.getpid():
            self._drop()
        if self._connection is None or self._connection.sock is None:
            return False
        poll = select.poll()
        poll.register(self._connection.sock, select.POLLIN)
        if poll.poll(0):
            self._drop()
            return False
        return True

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        if self._connection is None:
            self._connection = self._new()
        connection, whole = self._connection, True
        try:
            connection.request(method, self._access.address.prefix + path, body, dict(headers))
        except (ConnectionError, ssl.SSLEOFError):
            if connection.sock is None:
                raise
            whole = False  # a server that takes no more of it has said why, or else is gone
        with connection.getresponse() as response:
            found = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, found, response.read())
        if not whole:
            self._drop()
        return answer

    def _new(self) -> http.client.HTTPConnection:
        self._process = os.getpid()
        host, port = self._access.address.host, self._access.address.port
        if self._context is None:
            return http.client.HTTPConnection(host, port, timeout=self._timeout)
        return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=self._context)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _explained(self, error: Exception) -> ConnectionFailedError:
        return explained(error, self._access.address, self._timeout, self._access.ca)

    def _login(self) -> Mapping[str, str]:
        if self._access.user is None:
            return {}
        pair = f"{self._access.user}:{self._access.password or ''}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _is_broken(error: Exception) -> bool:
    """Whether the connection had ended before the server can have answered."""
    return isinstance(error, ConnectionError | ssl.SSLEOFError | ssl.SSLZeroReturnError)
