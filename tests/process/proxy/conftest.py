"""The real proxy in front of a small real server."""

import asyncio
import base64
import contextlib
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import tornado.httpserver
import tornado.netutil
import tornado.web
import tornado.websocket

from botsched.proxy.supervisor import ProxySupervisor
from botsched.settings.model import ProxySettings
from tests.support.waiting import PATIENCE

SECRET = "the-secret-of-this-run"
PASSWORD = "pass:wörd"
# bcrypt of the least cost, so that a test takes no quarter of a second for each login
USERS = "ann:$2b$04$H90LWPWDa9Vfvb6RtQlPR.SErg1oD.DxTa/m1MCTqtawuBOgvGTRG\n"


class Upstream:
    """A Tornado server in a thread; ``seen`` are the headers of each request that came through."""

    def __init__(self) -> None:
        self.seen: list[list[tuple[str, str]]] = []
        self.next_event = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
        self.port: int = self._sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        async def main() -> None:
            self._end = asyncio.Event()
            application = tornado.web.Application(
                [
                    ("/events", Events, {"upstream": self}),
                    ("/upload", Upload),
                    ("/websocket", WebSocket),
                    ("/framed", Framed),
                    ("/.*", Echo, {"upstream": self}),
                ],
                log_function=lambda _: None,
            )
            server = tornado.httpserver.HTTPServer(application, max_body_size=1 << 40)
            server.add_sockets(self._sockets)
            await self._end.wait()
            server.stop()
            await server.close_all_connections()

        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(main())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def send_event(self) -> None:
        self._loop.call_soon_threadsafe(self.next_event.set)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()


class Echo(tornado.web.RequestHandler):
    def initialize(self, upstream: Upstream) -> None:
        self.upstream = upstream

    def prepare(self) -> None:
        headers = list(self.request.headers.get_all())
        self.upstream.seen.append(headers)
        self.write({"method": self.request.method, "path": self.request.uri, "headers": headers})

    def get(self) -> None:
        pass

    post = put = patch = delete = head = options = get  # type: ignore[assignment]


class Framed(tornado.web.RequestHandler):
    def get(self) -> None:
        self.set_header("X-Frame-Options", "SAMEORIGIN")
        self.set_header("Content-Security-Policy", "default-src 'self'")


class Events(tornado.web.RequestHandler):
    def initialize(self, upstream: Upstream) -> None:
        self.upstream = upstream

    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        with contextlib.suppress(tornado.web.iostream.StreamClosedError):
            for number in range(1000):
                self.write(f"data: {number}\n\n")
                await self.flush()
                await self.upstream.next_event.wait()
                self.upstream.next_event.clear()


@tornado.web.stream_request_body
class Upload(tornado.web.RequestHandler):
    size = 0

    def data_received(self, chunk: bytes) -> None:
        self.size += len(chunk)

    def post(self) -> None:
        self.write({"size": self.size})


class WebSocket(tornado.websocket.WebSocketHandler):
    def on_message(self, message: str | bytes) -> None:
        self.write_message(message, binary=isinstance(message, bytes))


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Proxy:
    """The supervisor, and a client of its port."""

    supervisor: ProxySupervisor
    users: Path
    state: Path
    gave_up: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return self.supervisor.port

    @property
    def rss(self) -> int:
        """Resident memory of the child in bytes."""
        status = Path(f"/proc/{self.supervisor.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024

    def connect(self, *, encrypted: bool = True, source: str = "127.0.0.1") -> socket.socket:
        plain = socket.create_connection(
            ("127.0.0.1", self.port), timeout=PATIENCE, source_address=(source, 0)
        )
        if not encrypted:
            return plain
        try:
            return unverified().wrap_socket(plain, server_hostname="localhost")
        except BaseException:
            plain.close()
            raise

    def ask(
        self,
        path: str = "/",
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: Any = None,
        login: tuple[str, str] | None = ("ann", PASSWORD),
        source: str = "127.0.0.1",
        **options: Any,
    ) -> Answer:
        client = http.client.HTTPSConnection(
            "127.0.0.1",
            self.port,
            timeout=PATIENCE,
            context=unverified(),
            source_address=(source, 0),
        )
        with contextlib.closing(client):
            sent = {**({"Authorization": basic(*login)} if login else {}), **(headers or {})}
            client.request(method, path, body, sent, **options)
            with client.getresponse() as response:
                return Answer(response.status, dict(response.getheaders()), response.read())

    def keep_asking(self) -> Generator[int]:
        """Statuses of one request after the other on one connection."""
        client = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=PATIENCE, context=unverified()
        )
        with contextlib.closing(client):
            while True:
                client.request("GET", "/", None, {"Authorization": basic("ann", PASSWORD)})
                with client.getresponse() as response:
                    response.read()
                yield response.status

    def send(self, data: bytes, *, encrypted: bool = True) -> bytes:
        """Everything that comes back for these bytes until the connection is closed."""
        with self.connect(encrypted=encrypted) as connection:
            received = b""
            with contextlib.suppress(ConnectionResetError, BrokenPipeError, ssl.SSLError):
                connection.sendall(data)
                while piece := connection.recv(65536):
                    received += piece
            return received


def unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def eventually(true: Callable[[], object], within: float = PATIENCE, every: float = 0.02) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"did not come true within {within} s"
        time.sleep(every)


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    yield upstream
    upstream.stop()


@pytest.fixture(scope="module")
def start_proxy(
    upstream: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Proxy]]:
    """Makes proxies that end with the module's tests."""
    proxies: list[Proxy] = []

    def start(users_text: str = USERS, **settings: Any) -> Proxy:
        folder = tmp_path_factory.mktemp("proxy")
        users = folder / "users"
        users.write_text(users_text)
        defaults = {
            "host": "127.0.0.1",
            "port": 0,
            "upstream_port": upstream.port,
            "htpasswd": users,
            "state_dir": folder / "state",
        }
        gave_up: list[str] = []
        supervisor = ProxySupervisor(
            ProxySettings(**{**defaults, **settings}), SECRET, gave_up.append
        )
        proxy = Proxy(supervisor, users, folder / "state", gave_up)
        proxies.append(proxy)
        supervisor.start()
        return proxy

    yield start
    for proxy in proxies:
        proxy.supervisor.stop()


@pytest.fixture(scope="module")
def proxy(start_proxy: Callable[..., Proxy]) -> Proxy:
    """One proxy for all tests of a module that leave it as it was."""
    return start_proxy()
