"""One kept connection, and what becomes of it."""

import os
import socket
from collections.abc import Iterator

import pytest

from botsched.client import ConnectionFailedError
from botsched.client.access import Access
from botsched.client.address import Address
from botsched.client.transport import Transport

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def transport_to() -> Iterator:
    made: list[Transport] = []

    def make(port: int, timeout: float = 30.0, **access: str) -> Transport:
        address = Address.parse(f"http://127.0.0.1:{port}")
        made.append(Transport(Access(address, **access), None, timeout))
        return made[-1]

    yield make
    for transport in made:
        transport.close()


def read_request(connection: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        if not (more := connection.recv(65536)):
            return b""
        read += more
    return read


def keeping(connection: socket.socket) -> None:
    while read_request(connection):
        connection.sendall(ANSWER)


def answering_once(connection: socket.socket) -> None:
    if read_request(connection):
        connection.sendall(ANSWER)


def test_a_connection_is_kept(listen, transport_to):
    listener = listen(keeping)
    transport = transport_to(listener.port)
    assert [transport.ask("GET", "/").status for _ in range(5)] == [200] * 5
    assert listener.served == 1
    transport.close()
    assert transport.ask("GET", "/").body == b"{}"
    assert listener.served == 2


def test_a_process_that_was_forked_off_has_one_of_its_own(listen, transport_to, monkeypatch):
    listener = listen(keeping)
    transport = transport_to(listener.port)
    transport.ask("GET", "/")
    forked_off = os.getpid() + 1
    monkeypatch.setattr(os, "getpid", lambda: forked_off)
    assert [transport.ask("GET", "/").status for _ in range(2)] == [200] * 2
    assert listener.served == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_one_that_was_closed_meanwhile_is_made_anew(listen, transport_to, method):
    listener = listen(answering_once)
    transport = transport_to(listener.port)
    for count in (1, 2, 3):
        assert transport.ask(method, "/").status == 200
        assert listener.served == count
        kept = transport._connection.sock
        kept.recv(1, socket.MSG_PEEK)  # until its end has arrived


@pytest.mark.parametrize(("method", "requests"), [("GET", 3), ("DELETE", 3), ("POST", 2)])
def test_what_may_have_been_done_is_not_asked_for_twice(listen, transport_to, method, requests):
    """The server takes a second request on a kept connection, and breaks off."""
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(ANSWER)
        if len(seen) == 1:
            seen.append(read_request(connection))

    transport = transport_to(listen(serve).port)
    transport.ask("GET", "/")
    if method == "POST":
        with pytest.raises(ConnectionFailedError, match="broke off"):
            transport.ask(method, "/")
    else:
        assert transport.ask(method, "/").status == 200
    assert len([request for request in seen if request]) == requests


def test_a_login_goes_with_each_request(listen, transport_to):
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(ANSWER)

    transport_to(listen(serve).port, user="ann", password="pass:wörd").ask("GET", "/")
    assert b"Authorization: Basic YW5uOnBhc3M6d8O2cmQ=\r\n" in seen[0]


def test_why_the_rest_is_not_taken_is_told(listen, transport_to):
    """The server answers in the middle of a large body, and takes no more."""
    refusal = b"HTTP/1.1 413 x\r\nContent-Length: 9\r\n\r\ntoo large"

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(refusal)
        connection.shutdown(socket.SHUT_WR)
        connection.shutdown(socket.SHUT_RD)

    listener = listen(serve)
    transport = transport_to(listener.port)
    answer = transport.ask("POST", "/", bytes(50_000_000))
    assert (answer.status, answer.body) == (413, b"too large")
    assert transport._connection is None


def test_silence_is_told(listen, transport_to):
    listener = listen(lambda connection: connection.recv(65536) and connection.recv(1))
    transport = transport_to(listener.port, timeout=0.2)
    with pytest.raises(ConnectionFailedError, match=r"does not answer within 0\.2 seconds"):
        transport.ask("GET", "/")


def test_what_is_no_http_is_told(listen, transport_to):
    listener = listen(lambda connection: connection.sendall(b"220 mail.example ESMTP\r\n"))
    with pytest.raises(ConnectionFailedError, match="speaks no HTTP"):
        transport_to(listener.port).ask("GET", "/")


def test_nobody_is_told(transport_to):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(ConnectionFailedError, match=f"Nobody listens at http://127.0.0.1:{port}"):
        transport_to(port).ask("GET", "/")
