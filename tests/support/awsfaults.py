"""A relay in front of AWS that fails as AWS and networks do, when told to."""

import http.client
import json
import socket
import struct
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Answer = tuple[int, Any]
Passing = Callable[[], Answer]
Fault = Callable[[Passing], Answer | None]
"""Gives an answer, perhaps by passing the call on; None hangs up."""


def refusing(code: str, message: str = "No.", status: int = 400) -> Fault:
    """AWS refuses the call."""
    return lambda passing: (status, {"__type": code, "message": message})


def saying(data: object, status: int = 200) -> Fault:
    """AWS answers this, and does nothing."""
    return lambda passing: (status, data)


def changing(change: Callable[[dict[str, Any]], object]) -> Fault:
    """The answer of AWS is changed in place."""

    def fault(passing: Passing) -> Answer:
        status, data = passing()
        change(data)
        return status, data

    return fault


def losing(passing: Passing) -> None:
    """AWS does it, and the connection breaks before the answer."""
    passing()


def hanging_up(passing: Passing) -> None:
    """The connection breaks before AWS hears anything."""


class AwsRelay:
    """Passes all calls on, but for those that it was told to disturb.

    As ECS does, and moto does not, it starts tasks for a ``clientToken`` once only.
    """

    def __init__(self, target: str) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}
        self._started: dict[str, Answer] = {}
        self._target = urlsplit(target).netloc
        relay = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                relay._handle(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False  # so that closing waits for them
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def disturb(self, operation: str, *faults: Fault) -> None:
        """Let the next calls of this operation, one after another, fail so."""
        self._faults[operation].extend(faults)

    def always(self, operation: str, fault: Fault) -> None:
        """Let all calls of this operation fail so, once the others are through."""
        self._always[operation] = fault

    def asked(self, operation: str) -> list[dict[str, Any]]:
        """What was asked of this operation, call by call."""
        return [body for name, body in self.calls if name == operation]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        operation = handler.headers["X-Amz-Target"].rpartition(".")[2]
        self.calls.append((operation, json.loads(body)))
        headers = {
            name: value
            for name, value in handler.headers.items()
            if name in {"X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date"}
        }
        waiting = self._faults[operation]
        fault = waiting.popleft() if waiting else self._always.get(operation)

        def passing() -> Answer:
            return self._once(json.loads(body), lambda: self._pass_on(body, headers))

        answer = passing() if fault is None else fault(passing)
        if answer is None:
            _reset(handler.connection)
            return
        status, data = answer
        handler.send_response(status)
        handler.send_header("Content-Type", "application/x-amz-json-1.1")
        handler.end_headers()
        handler.wfile.write(json.dumps(data).encode())

    def _once(self, asked: dict[str, Any], passing: Passing) -> Answer:
        token = asked.get("clientToken")
        if token is None:
            return passing()
        if token not in self._started:
            self._started[token] = passing()
        return self._started[token]

    def _pass_on(self, body: bytes, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self._target)
        try:
            connection.request("POST", "/", body, headers)
            with connection.getresponse() as response:
                return response.status, json.loads(response.read())
        finally:
            connection.close()


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
