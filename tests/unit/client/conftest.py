"""A client of a real server, without a proxy; and small servers that do as they are told."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from botsched.client import Client
from botsched.client.access import VARIABLES
from tests.unit.web import conftest as web

GREET = "web_jobs.greet.Greet"
services = web.services


@pytest.fixture(autouse=True)
def _nothing_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees what the user who runs it has written for the client."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def url(services) -> Iterator[str]:
    with web.serving(services, secret=None) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture
def client(url: str) -> Iterator[Client]:
    with Client(url) as client:
        yield client


class Listener:
    """Hands each connection to a function, one after another, and closes it then."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self.served = 0
        self._serve = serve
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                if self._ended:
                    return
                self.served += 1
                with contextlib.suppress(OSError):
                    self._serve(connection)

    _ended = False

    def close(self) -> None:
        self._ended = True
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._socket.close()


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    made: list[Listener] = []

    def start(serve: Callable[[socket.socket], None]) -> Listener:
        made.append(Listener(serve))
        return made[-1]

    yield start
    for listener in made:
        listener.close()


@pytest.fixture
def listen_with(listen) -> Callable[[Path], Listener]:
    """A server that shows a certificate, and says nothing."""

    def start(certificate: Path) -> Listener:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)

        def shake_hands(connection: socket.socket) -> None:
            with context.wrap_socket(connection, server_side=True) as encrypted:
                encrypted.recv(1)

        return listen(shake_hands)

    return start
