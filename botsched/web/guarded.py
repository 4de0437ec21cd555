"""Puts the gate between tornado's connection and its application."""

from collections.abc import Awaitable
from http.client import responses
from typing import Final

from tornado.http1connection import HTTP1Connection
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)

from botsched.errors import RequestError
from botsched.web.encoding import to_bytes
from botsched.web.errors import headers_of, told
from botsched.web.gate import LARGEST_UPLOAD, Gate, too_large
from botsched.web.headers import JSON, SECURITY

_DISCARD_SECONDS: Final = 10.0


class Guarded(HTTPMessageDelegate):
    """One request: what the gate admits goes on to ``inner``, as long as it is not too long.

    The body of a refused request is thrown away as it comes: a connection closed before would
    often take our answer with it. But not for ever.
    """

    def __init__(self, gate: Gate, connection: HTTPConnection, inner: HTTPMessageDelegate) -> None:
        self._gate = gate
        self._connection = connection
        self._inner = inner
        self._method = ""
        self._path = ""
        self._limit = 0
        self._received = 0
        self._refused = False
        self._closed = False

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        assert isinstance(start_line, RequestStartLine)
        self._method, self._path = start_line.method, start_line.path.partition("?")[0]
        try:
            self._limit = self._gate.admit(start_line.method, self._path, headers)
        except RequestError as error:
            self._refuse(error)
            headers.pop("Expect", None)  # or tornado would ask for the body
            return None
        return self._inner.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        self._received += len(chunk)
        if self._refused:
            if self._received > LARGEST_UPLOAD:
                self._close()
            return None
        if self._received > self._limit:
            self._inner.on_connection_close()
            self._refuse(too_large(self._limit))
            return None
        return self._inner.data_received(chunk)

    def finish(self) -> None:
        if self._refused:
            self._close()
        else:
            self._inner.finish()

    def on_connection_close(self) -> None:
        if not self._refused:
            self._inner.on_connection_close()

    def _refuse(self, error: RequestError) -> None:
        self._refused = True
        self._received = 0
        status, answer = told(error, self._path)
        body = to_bytes(answer)
        headers = HTTPHeaders(dict(SECURITY) | headers_of(error))
        headers["Content-Type"] = JSON
        headers["Content-Length"] = str(len(body))
        line = ResponseStartLine("HTTP/1.1", status, responses[status])
        self._connection.write_headers(line, headers, b"" if self._method == "HEAD" else body)
        if isinstance(self._connection, HTTP1Connection):
            self._connection.set_body_timeout(_DISCARD_SECONDS)

    def _close(self) -> None:
        """The answer is complete; tornado closes the connection if there is more to come."""
        if not self._closed:
            self._closed = True
            self._connection.finish()
