"""A web server on loopback that notes what is posted to it, and answers as it is told."""

import ssl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True)
class Post:
    """One request; names of headers are in small letters."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """``raw`` is sent instead of an answer in HTTP; with ``hangs`` nothing is."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw: bytes | None = None
    hangs: bool = False


class Receiver:
    """Answers with each of ``answers`` in turn, then with 204."""

    def __init__(self, port: int, scheme: str) -> None:
        self.url = f"{scheme}://localhost:{port}"
        self.posts: list[Post] = []
        self.answers: deque[Answer] = deque()
        self.closing = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.posts.append(Post(self.command, self.path, headers, body))
        answer = self.receiver.answers.popleft() if self.receiver.answers else Answer()
        self.close_connection = True
        if answer.hangs:
            self.receiver.closing.wait()
        elif answer.raw is not None:
            self.wfile.write(answer.raw)
        else:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

    do_GET = do_POST = _take  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away, or do not trust the certificate, are what is tested."""


@contextmanager
def web_receiver(certificate: Path | None = None) -> Iterator[Receiver]:
    """Start it on a free port; it speaks TLS when it has a PEM file with key and certificate."""
    handler = type("Handler", (_Handler,), {})
    with _Server(("127.0.0.1", 0), handler) as server:
        receiver = Receiver(server.server_port, "https" if certificate else "http")
        handler.receiver = receiver
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield receiver
        finally:
            receiver.closing.set()
            server.shutdown()
            thread.join()
