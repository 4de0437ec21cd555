"""What must pass the proxy as it comes: event streams, uploads, WebSockets."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
import tornado.httpclient
import tornado.websocket

from botsched.proxy.hashes import hash_password
from tests.process.proxy.conftest import PASSWORD, Proxy, Upstream, basic, unverified
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.slow

MEGABYTE = 1 << 20
EVENTS = (
    f"GET /events HTTP/1.1\r\nHost: h\r\nAuthorization: {basic('ann', PASSWORD)}\r\n\r\n".encode()
)


def test_events_pass_one_by_one(proxy: Proxy, upstream: Upstream) -> None:
    with proxy.connect() as connection:
        connection.sendall(EVENTS)
        received = b""
        for number in range(5):
            while b"data: %d\n\n" % number not in received:
                received += connection.recv(4096)
            upstream.send_event()


def test_an_event_stream_holds_up_no_other_request(proxy: Proxy) -> None:
    streams = [proxy.connect() for _ in range(8)]
    for connection in streams:
        connection.sendall(EVENTS)
        assert connection.recv(4096)
    assert proxy.ask().status == 200
    for connection in streams:
        connection.close()


def test_a_stream_ends_when_its_user_s_password_changes(start_proxy: Callable[..., Proxy]) -> None:
    proxy = start_proxy()
    with proxy.connect() as connection:
        connection.sendall(EVENTS)
        assert connection.recv(4096)
        proxy.users.write_text(f"ann:{hash_password('new')}\n")
        connection.settimeout(PATIENCE)
        while connection.recv(4096):
            pass


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_upload_passes_without_being_held_in_memory(proxy: Proxy, chunked: bool) -> None:
    def body() -> Iterator[bytes]:
        piece = b"x" * MEGABYTE
        for _ in range(200):
            yield piece

    assert proxy.ask().status == 200
    before = proxy.rss
    headers = {} if chunked else {"Content-Length": str(200 * MEGABYTE)}
    answer = proxy.ask(
        "/upload", method="POST", headers=headers, body=body(), encode_chunked=chunked
    )
    assert answer.json == {"size": 200 * MEGABYTE}
    assert proxy.rss - before < 30 * MEGABYTE


def test_a_large_refused_body_is_not_held_in_memory(proxy: Proxy) -> None:
    before = proxy.rss
    head = b"POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 209715200\r\n\r\n"
    assert b" 200 " not in proxy.send(head + b"x" * (200 * MEGABYTE))
    assert proxy.rss - before < 30 * MEGABYTE


def test_an_upload_waits_outside_while_its_password_is_checked(
    start_proxy: Callable[..., Proxy],
) -> None:
    proxy = start_proxy(f"bob:{hash_password('right')}\n")
    assert proxy.ask().status == 401
    before = proxy.rss
    head = (
        "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 209715200\r\n"
        f"Authorization: {basic('bob', 'wrong')}\r\n\r\n"
    ).encode()
    proxy.send(head + b"x" * (200 * MEGABYTE))
    assert proxy.rss - before < 30 * MEGABYTE


def test_a_small_refused_body_is_answered(proxy: Proxy) -> None:
    assert proxy.ask(method="POST", body=b"x" * 1000, login=None).status == 401


async def _closed(connection: tornado.websocket.WebSocketClientConnection) -> None:
    """Close, and wait until it is: a socket that the loop leaves open is a warning later."""
    connection.close()
    assert await connection.read_message() is None
    await asyncio.sleep(0)


def test_websocket_messages_pass_both_ways(proxy: Proxy) -> None:
    async def main() -> None:
        request = tornado.httpclient.HTTPRequest(
            f"wss://127.0.0.1:{proxy.port}/websocket",
            headers={"Authorization": basic("ann", PASSWORD)},
            ssl_options=unverified(),
        )
        connection = await tornado.websocket.websocket_connect(request)
        for message in ("hello", b"\0\xff", "x" * 900_000):
            await connection.write_message(message, binary=isinstance(message, bytes))
            assert await connection.read_message() == message
        await _closed(connection)

    asyncio.run(main())


def test_many_websocket_messages_do_not_fill_the_memory(proxy: Proxy) -> None:
    async def main() -> int:
        request = tornado.httpclient.HTTPRequest(
            f"wss://127.0.0.1:{proxy.port}/websocket",
            headers={"Authorization": basic("ann", PASSWORD)},
            ssl_options=unverified(),
        )
        connection = await tornado.websocket.websocket_connect(request)
        before = proxy.rss
        for _ in range(300):
            await connection.write_message("x" * 100_000)
            await connection.read_message()
        await _closed(connection)
        return proxy.rss - before

    assert asyncio.run(main()) < 30 * MEGABYTE


def test_a_websocket_needs_a_login(proxy: Proxy) -> None:
    head = (
        b"GET /websocket HTTP/1.1",
        b"Host: h",
        b"Connection: Upgrade, close",
        b"Upgrade: websocket",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    assert proxy.send(b"\r\n".join((*head, b"", b""))).startswith(b"HTTP/1.1 401 ")
