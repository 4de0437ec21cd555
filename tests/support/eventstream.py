"""Reads server-sent events, one after another."""

import http.client
import json
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, NamedTuple, Self

from tests.support.waiting import PATIENCE


class Told(NamedTuple):
    """One event."""

    place: str
    kind: str
    news: list[Any]


class EventStream:
    """One stream, on a connection that is made by ``connect`` and closed with it.

    ``connect`` gives a connection and the headers of a login.
    """

    def __init__(
        self, connect: Callable[[], tuple[http.client.HTTPConnection, dict[str, str]]]
    ) -> None:
        self._connection, self._headers = connect()
        self._rest = b""
        self.place = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def open(self, after: str | None = None) -> Self:
        """Ask for the stream; ``status`` and ``headers`` are there then."""
        path = "/api/v1/events" + ("" if after is None else f"?after={after}")
        self._connection.request("GET", path, headers=self._headers)
        self._response = self._connection.getresponse()
        self.status = self._response.status
        self.headers = {name.lower(): value for name, value in self._response.getheaders()}
        return self

    def close(self) -> None:
        with suppress(AttributeError):
            self._response.close()
        self._connection.close()

    def next(self) -> Told | None:
        """The next event; None at the end of the stream, however it ended."""
        lines: dict[str, str] = {}
        with suppress(http.client.HTTPException, ConnectionError):
            while line := self._response.readline():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    lines[name] = value
                elif lines:
                    self.place = lines.get("id", self.place)
                    news = json.loads(lines["data"]) or []  # a ping has none
                    return Told(self.place, lines["event"], news)
        return None

    def until(self, seen: Callable[[list[Any]], bool], within: float = PATIENCE) -> list[Any]:
        """All news, once they are enough."""
        news: list[Any] = []
        deadline = time.monotonic() + within
        while not seen(news):
            told = self.next()
            assert told is not None, f"the stream ended, after {news}"
            assert time.monotonic() < deadline, f"after {within} s still only {news}"
            news += [{"type": "reset"}] if told.kind == "reset" else told.news or []
        return news
