"""What all handlers share: one shape for answers and errors, and work done off the loop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from http.client import responses
from typing import Any, ClassVar, Final, TypeVar

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler

from botsched.errors import NotFoundError, StoreUnavailableError
from botsched.web import compression
from botsched.web.assets import Assets
from botsched.web.body import Fields
from botsched.web.encoding import to_bytes
from botsched.web.errors import (
    MalformedError,
    MethodError,
    StoppingError,
    UnconfiguredError,
    headers_of,
    status_of,
    told,
)
from botsched.web.formats.jobs import JobTexts
from botsched.web.gate import Gate
from botsched.web.headers import JSON, SECURITY
from botsched.web.query import Query
from botsched.web.routing import methods_of
from botsched.web.services import Services
from botsched.web.streams import Streams

log = logging.getLogger(__name__)

T = TypeVar("T")

_FLUSHED_AT: Final = 256 * 1024
"""Bytes that are sent at once; a smaller answer is sent whole, with its length."""


@dataclass(frozen=True, slots=True)
class Context:
    """What handlers work with.

    Requests that only read have threads of their own: they need not wait behind those that wait
    for a commit.
    """

    services: Services
    gate: Gate
    readers: Executor
    writers: Executor
    job_texts: JobTexts
    streams: Streams
    assets: Assets


class Answering(RequestHandler):
    """Headers and errors as they are everywhere."""

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in SECURITY.items():
            self.set_header(name, value)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = self._ours(status_code, kwargs.get("exc_info", (None, None, None))[1])
        status, body = status_code, {"error": f"{responses.get(status_code, 'Error')}."}
        if error is not None:
            status, body = told(error, self.request.path)
        self.set_status(status)
        for name, value in headers_of(error).items() if error is not None else ():
            self.set_header(name, value)
        self.set_header("Content-Type", JSON)
        self.finish(to_bytes(body))

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        """Log what nobody foresaw; what a client did wrong is told to the client.

        That the database is away, the store logs: once, and not for every request. What is not
        set up, the operator knows.
        """
        if isinstance(value, StoreUnavailableError | UnconfiguredError):
            return
        if value is not None and self._status(value) >= 500:
            trace = (typ, value, tb) if self._status(value) == 500 else None
            log.error("%s %s failed: %s", self.request.method, self.request.path, value,
                      exc_info=trace)  # fmt: skip

    @staticmethod
    def _status(error: BaseException) -> int:
        return error.status_code if isinstance(error, HTTPError) else status_of(error)

    def _ours(self, status: int, error: BaseException | None) -> BaseException | None:
        """Tornado's errors in our words."""
        if not isinstance(error, HTTPError):
            return error
        if status == 404:
            return NotFoundError("address", self.request.path)
        if status == 405:
            method = self.request.method or ""
            return MethodError(method, self.request.path, methods_of(type(self)))
        if status == 400:
            return MalformedError("The address holds bytes that are not UTF-8.")
        return None


class Handler(Answering):
    """A handler that asks the use cases.

    ``takes_body`` names its methods that read a body, ``reading`` those that change nothing.
    """

    takes_body: ClassVar[frozenset[str]] = frozenset()
    reading: ClassVar[frozenset[str]] = frozenset({"GET", "HEAD"})

    def initialize(self, context: Context) -> None:
        """Called by tornado."""
        self.context = context
        self.services = context.services

    def prepare(self) -> None:
        """Called by tornado: refuse a body that would be passed over without a word.

        Nor has any id the character NUL, which no database looks for.
        """
        if any("\0" in part for name, part in self.path_kwargs.items() if name != "name"):
            raise NotFoundError("address", self.request.path)
        given, method = self.request.body.strip() not in {b"", b"{}"}, self.request.method
        if given and method in methods_of(type(self)) and method not in self.takes_body:
            raise MalformedError(f"{method} takes no body here; leave it off.")

    def head(self, *args: str, **kwargs: str) -> Awaitable[None] | None:
        """As GET; tornado leaves the body off."""
        return self.get(*args, **kwargs)

    def compute_etag(self) -> str | None:
        """None: what is never stored need not be compared, and hashing it costs time."""
        return None

    @property
    def user(self) -> str:
        """Who is logged in."""
        return self.context.gate.user(self.request.headers)

    @property
    def query(self) -> Query:
        """The parameters of the address."""
        return Query(self.request.query_arguments)

    @property
    def fields(self) -> Fields:
        """The members of the JSON object in the body. Raises MalformedError."""
        return Fields.of(self.request.body)

    @property
    def fields_if_any(self) -> Fields:
        """The same for a body that may be left off."""
        return Fields.of(self.request.body.strip() or b"{}")

    async def in_worker(self, work: Callable[[], T]) -> T:
        """What ``work``, which may wait for the database, gives. Raises what it raises."""
        reading = self.request.method in self.reading
        executor = self.context.readers if reading else self.context.writers
        try:
            future = asyncio.get_running_loop().run_in_executor(executor, work)
        except RuntimeError:
            raise StoppingError("The server is stopping; try again soon.") from None
        return await future

    async def answer(
        self, work: Callable[[], Any], status: int = 200, media_type: str = JSON
    ) -> None:
        """Answer with what ``work`` gives, as JSON; bytes are sent as they are."""

        accepted = compression.is_accepted(self.request.headers)

        def encoded() -> tuple[bytes, bool]:
            result = work()
            plain = result if isinstance(result, bytes) else to_bytes(result)
            smaller = accepted and len(plain) >= compression.WORTHWHILE
            return (compression.compressed(plain) if smaller else plain), smaller

        body, smaller = await self.in_worker(encoded)
        self.set_status(status)
        self.send(body, media_type, compressed=smaller)

    def send(self, body: bytes, media_type: str, *, compressed: bool) -> None:
        """Answer with this body, which may be in gzip."""
        self.set_header("Content-Type", media_type)
        self.set_header("Vary", "Accept-Encoding")
        if compressed:
            self.set_header("Content-Encoding", "gzip")
        self.finish(body)  # not awaited: it would only tell that a client has gone

    async def answer_in_parts(self, parts: Iterator[bytes], media_type: str) -> None:
        """Answer with what may be large, a part at a time, as fast as the client takes it.

        When a part is not to be had, the connection is cut: that alone tells the client that
        something is missing.
        """
        self.set_header("Content-Type", media_type)
        self.set_header("Vary", "Accept-Encoding")
        if compression.is_accepted(self.request.headers):
            self.set_header("Content-Encoding", "gzip")
            parts = compression.compressed_parts(parts)
        waiting = 0
        try:
            while (part := await self.in_worker(lambda: next(parts, None))) is not None:
                self.write(part)
                waiting += len(part)
                if waiting >= _FLUSHED_AT:
                    await self.flush()
                    waiting = 0
        except StreamClosedError:
            return  # the client has gone
        except Exception:
            if self._headers_written:
                self.detach().close()
            raise
        self.finish()


class Unknown(Answering):
    """Answers where no route leads."""

    def prepare(self) -> None:
        """Refuse."""
        raise HTTPError(404)
