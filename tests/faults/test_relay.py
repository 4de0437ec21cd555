"""The relay between a program and its database."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.faults.relay import Relay
from tests.support.waiting import PATIENCE


@pytest.fixture
def relay() -> Iterator[Relay]:
    """To a server that sends everything back."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    while data := connection.recv(100):
                        connection.sendall(data)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        relay = Relay(listener.getsockname()[1])
        yield relay
        relay.close()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def connect(relay: Relay) -> socket.socket:
    return socket.create_connection(("127.0.0.1", relay.port), timeout=PATIENCE)


def echoed(client: socket.socket, data: bytes) -> bytes:
    client.sendall(data)
    return client.recv(100)


def test_it_passes_on(relay):
    with connect(relay) as client:
        assert echoed(client, b"one") == b"one"


def test_a_reset_ends_what_there_is_and_lets_new_ones_in(relay):
    with connect(relay) as client:
        assert echoed(client, b"one") == b"one"
        relay.reset()
        with contextlib.suppress(ConnectionResetError):
            assert client.recv(100) == b""
    with connect(relay) as client:
        assert echoed(client, b"two") == b"two"


def test_a_cut_lets_nothing_in_until_it_is_mended(relay):
    relay.cut()
    with contextlib.suppress(ConnectionError), connect(relay) as client:
        assert echoed(client, b"one") == b""
    relay.mend()
    with connect(relay) as client:
        assert echoed(client, b"two") == b"two"


def test_silence_keeps_what_was_said(relay):
    with connect(relay) as client:
        assert echoed(client, b"one") == b"one"
        relay.silence()
        client.sendall(b"two")
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.recv(100)
        relay.mend()
        client.settimeout(PATIENCE)
        assert client.recv(100) == b"two"
