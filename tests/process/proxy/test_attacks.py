"""What strangers may try."""

import contextlib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from botsched.proxy.options import ProxyOptions
from tests.process.proxy.conftest import PASSWORD, Proxy, Upstream, basic, eventually, unverified
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.slow

FLOOD = Path(__file__).parents[3] / "benchmarks" / "proxy.py"
AUTHORIZATION = f"Authorization: {basic('ann', PASSWORD)}"

SMUGGLED = {
    "both lengths": "POST / HTTP/1.1|Host: h|Content-Length: 4|Transfer-Encoding: chunked",
    "two lengths": "POST / HTTP/1.1|Host: h|Content-Length: 4|Content-Length: 5",
    "signed length": "POST / HTTP/1.1|Host: h|Content-Length: +4",
    "unknown coding": "POST / HTTP/1.1|Host: h|Transfer-Encoding: xchunked",
    "two codings": "POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked|Transfer-Encoding: gzip",
    "space before colon": "POST / HTTP/1.1|Host: h|Transfer-Encoding : chunked",
    "coding in 1.0": "POST / HTTP/1.0|Host: h|Transfer-Encoding: chunked",
    "two hosts": "GET / HTTP/1.1|Host: h|Host: i",
    "no host": "GET / HTTP/1.1",
    "tunnel": "CONNECT h:443 HTTP/1.1|Host: h:443",
    "another server": "GET http://127.0.0.1:22/ HTTP/1.1|Host: 127.0.0.1:22",
    "no path": "GET nowhere HTTP/1.1|Host: h",
    "nonsense": "\x16\x03\x01 nonsense",
}


@pytest.mark.parametrize("head", SMUGGLED.values(), ids=SMUGGLED.keys())
def test_ambiguous_requests_are_refused_even_from_a_user(
    proxy: Proxy, upstream: Upstream, head: str
) -> None:
    before = len(upstream.seen)
    request = f"{head}|{AUTHORIZATION}|Connection: close||0||".replace("|", "\r\n").encode()
    answer = proxy.send(request)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert len(upstream.seen) == before


def test_an_upgrade_to_http_2_gives_no_tunnel(proxy: Proxy) -> None:
    answer = proxy.send(
        f"GET / HTTP/1.1\r\nHost: h\r\n{AUTHORIZATION}\r\nUpgrade: h2c\r\n"
        "HTTP2-Settings: AAMAAABk\r\nConnection: Upgrade, HTTP2-Settings, close\r\n\r\n".encode()
    )
    assert b" 101 " not in answer.split(b"\r\n")[0]
    context = unverified()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", proxy.port)) as plain,
        context.wrap_socket(plain) as connection,
    ):
        assert connection.selected_alpn_protocol() == "http/1.1"


def test_old_protocols_and_ciphers_are_not_offered(proxy: Proxy) -> None:
    context = unverified()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA:AES128-SHA256:ECDHE-RSA-AES128-SHA")
    with socket.create_connection(("127.0.0.1", proxy.port)) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain).close()


@pytest.mark.parametrize("encrypted", [True, False])
def test_an_endless_head_is_cut_off_before_it_fills_the_memory(
    proxy: Proxy, encrypted: bool
) -> None:
    before = proxy.rss
    flood = b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"x" * (50 << 20)
    answer = proxy.send(flood, encrypted=encrypted)
    assert b" 200 " not in answer
    assert proxy.rss - before < 10 << 20


def test_a_head_that_is_too_large_is_answered_400(proxy: Proxy) -> None:
    answer = proxy.send(
        f"GET / HTTP/1.1\r\nHost: h\r\n{AUTHORIZATION}\r\nX: {'x' * 40_000}\r\n\r\n".encode()
    )
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_who_does_not_log_in_within_ten_seconds_is_cut_off_and_nobody_else(proxy: Proxy) -> None:
    statuses = proxy.keep_asking()
    assert next(statuses) == 200
    started = time.monotonic()
    ended = {}
    with proxy.connect() as slow, proxy.connect(encrypted=False) as plain:
        for connection in (slow, plain):
            connection.settimeout(0.2)
        while len(ended) < 2 and time.monotonic() - started < PATIENCE:
            for connection in {slow, plain} - set(ended):
                if is_cut_off(connection):
                    ended[connection] = time.monotonic() - started
    assert next(statuses) == 200
    statuses.close()
    assert len(ended) == 2
    assert all(seconds > 9 for seconds in ended.values())


def is_cut_off(connection: socket.socket) -> bool:
    """Send one more byte of an endless head, and see whether anybody listens."""
    try:
        connection.sendall(b"x")
        return connection.recv(100) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_so_many_silent_strangers_do_not_keep_users_of_other_addresses_out(
    start_proxy: Callable[..., Proxy],
) -> None:
    proxy = start_proxy()
    with contextlib.ExitStack() as strangers:
        for _ in range(100):
            strangers.enter_context(proxy.connect(encrypted=False, source="127.0.0.9"))
        started = time.monotonic()
        assert proxy.ask().status == 200
        assert time.monotonic() - started < 8


def test_refused_uploads_leave_no_descriptors_behind(start_proxy: Callable[..., Proxy]) -> None:
    proxy = start_proxy()
    folder = Path(f"/proc/{proxy.supervisor.pid}/fd")
    assert proxy.ask().status == 200
    eventually(lambda: len(list(folder.iterdir())) < 20)
    before = len(list(folder.iterdir()))
    for _ in range(10):
        proxy.send(
            b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999\r\n\r\n" + b"x" * 9999999
        )
    eventually(lambda: len(list(folder.iterdir())) <= before)


def test_a_flood_of_guesses_lets_the_logged_in_user_through(
    start_proxy: Callable[..., Proxy],
) -> None:
    proxy = start_proxy()
    flood = [sys.executable, str(FLOOD), "flood", str(proxy.port), "4", "40", "1"]
    statuses = proxy.keep_asking()
    assert next(statuses) == 200
    with subprocess.Popen(flood, stdout=subprocess.PIPE, text=True) as attack:
        while attack.poll() is None:
            assert next(statuses) == 200
        statuses.close()
        assert attack.stdout is not None
        assert "x 429" in attack.stdout.read()


def test_error_answers_of_the_proxy_do_not_name_its_software(
    start_proxy: Callable[..., Proxy],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    proxy = start_proxy(upstream_port=port)
    answer = proxy.ask()
    assert answer.status == 502
    assert list(answer.json) == ["error"]
    everything = answer.body + str(answer.headers).encode() + proxy.send(b"\0\r\n\r\n")
    assert b"mitm" not in everything.lower()


def test_a_gate_that_fails_lets_nobody_through(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "users").write_text("ann:{SHA}NMfTLf4kql4x98PMVl16orqGin0=\n")
    broken = (
        "from botsched.proxy.child.login import Login\n"
        "async def fail(*_): raise RuntimeError('a bug')\n"
        "Login.check = fail\n"
        "from botsched.proxy.child.__main__ import main\n"
        "main()\n"
    )
    options = ProxyOptions(
        "127.0.0.1", 0, upstream.port, tmp_path / "users", tmp_path / "state", None, "secret"
    )
    before = len(upstream.seen)
    with subprocess.Popen(
        [sys.executable, "-c", broken],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(options.to_line())
        child.stdin.flush()
        port = int(child.stdout.readline().removeprefix(b"READY "))
        client = f"GET / HTTP/1.1\r\nHost: h\r\n{AUTHORIZATION}\r\nConnection: close\r\n\r\n"
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            unverified().wrap_socket(plain) as connection,
        ):
            connection.sendall(client.encode())
            assert connection.recv(65536).startswith(b"HTTP/1.1 500 ")
        child.stdin.close()
        assert child.wait(PATIENCE) == 0
        assert child.stderr is not None
        assert b"RuntimeError: a bug" in child.stderr.read()
    assert len(upstream.seen) == before
