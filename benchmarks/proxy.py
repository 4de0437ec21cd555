"""How fast is the proxy, and does a flood of wrong passwords slow down who is logged in?

Run with the project's Python, on a quiet machine: ``python benchmarks/proxy.py``. Takes about a
minute. A trivial Tornado server stands behind the proxy; 8 clients keep their connections and ask
as fast as they get answers. nginx with the same login (bcrypt of cost 12) runs beside it when it is
installed (or named by NGINX_PROGRAM): what counts is the ratio within one run.
"""

import asyncio
import base64
import contextlib
import os
import secrets
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from botsched.proxy import htpasswd  # noqa: E402
from botsched.proxy.supervisor import ProxySupervisor  # noqa: E402
from botsched.settings.model import ProxySettings  # noqa: E402

SECONDS = 5.0
CLIENTS = 8

UPSTREAM = """
import asyncio, sys, tornado.web, tornado.netutil, tornado.httpserver
class Hello(tornado.web.RequestHandler):
    def get(self): self.write(b"x" * 53)
async def main():
    [server_socket] = tornado.netutil.bind_sockets(0, "127.0.0.1")
    application = tornado.web.Application([("/", Hello)], log_function=lambda handler: None)
    tornado.httpserver.HTTPServer(application).add_socket(server_socket)
    print(server_socket.getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
asyncio.run(main())
"""

NGINX = """
daemon off; master_process off; error_log stderr error; pid {folder}/nginx.pid;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/1; proxy_temp_path {folder}/2;
  fastcgi_temp_path {folder}/3; uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
  upstream server {{ server 127.0.0.1:{upstream}; keepalive 32; }}
  server {{
    listen 127.0.0.1:{port} ssl;
    keepalive_requests 1000000;
    ssl_certificate {pem}; ssl_certificate_key {pem};
    auth_basic "benchmark"; auth_basic_user_file {htpasswd};
    location / {{ proxy_pass http://server; proxy_http_version 1.1;
                  proxy_set_header Connection ""; }}
  }}
}}
"""


@dataclass
class Result:
    """Latencies in seconds of the answers with the expected status, and how long it all took."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    others: int = 0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def quantile(self, percent: int) -> float:
        return statistics.quantiles(self.latencies, n=100, method="inclusive")[percent - 1] * 1e3


class Client(asyncio.Protocol):
    """Asks again as soon as it has its answer; all answers have a Content-Length."""

    def __init__(self, request: bytes, result: Result, deadline: float, expect: bytes) -> None:
        self.request = request
        self.result = result
        self.deadline = deadline
        self.expect = expect
        self.buffer = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.asked = time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, blank, body = self.buffer.partition(b"\r\n\r\n")
        if not blank:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(body) < length:
            return
        now = time.perf_counter()
        if head[9:12] == self.expect:
            self.result.latencies.append(now - self.asked)
        else:
            self.result.others += 1
        self.buffer = b""
        if now < self.deadline:
            self.ask()
        else:
            self.transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def request(credentials: str) -> bytes:
    encoded = base64.b64encode(credentials.encode()).decode()
    return (f"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {encoded}\r\n\r\n").encode()


def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def load(
    port: int, credentials: str, clients: int, seconds: float, *, encrypted: bool = True
) -> Result:
    """Closed loop: so many clients, each on a connection of its own with one request under way."""
    result = Result()
    loop = asyncio.get_running_loop()
    context = tls() if encrypted else None
    started = time.perf_counter()
    connections = [
        await loop.create_connection(
            lambda: Client(request(credentials), result, started + seconds, b"200"),
            "127.0.0.1",
            port,
            ssl=context,
        )
        for _ in range(clients)
    ]
    await asyncio.wait([client.done for _, client in connections], timeout=seconds + 10)
    result.seconds = time.perf_counter() - started
    return result


async def guess(port: int, source: str, seconds: float, counts: dict[bytes, int]) -> None:
    """One attacker: a new wrong password with each request, connecting anew when shut out."""
    context = tls()
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        try:
            async with asyncio.timeout_at(
                asyncio.get_running_loop().time() + deadline - time.perf_counter()
            ):
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", port, ssl=context, local_addr=(source, 0)
                )
                while True:
                    writer.write(request(f"administrator:{secrets.token_hex(4)}"))
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                    await reader.readexactly(length)
                    counts[head[9:12]] = counts.get(head[9:12], 0) + 1
        except TimeoutError:
            return
        except (OSError, asyncio.IncompleteReadError):
            counts[b"cut"] = counts.get(b"cut", 0) + 1
            await asyncio.sleep(0.02)


def flood(port: int, seconds: float, attackers: int, addresses: int) -> None:
    """The attacking process: its own, so that it does not slow down the measuring one."""

    async def attack() -> None:
        counts: dict[bytes, int] = {}
        sources = [
            f"127.0.0.{2 + i % addresses}" if addresses > 1 else "127.0.0.1"
            for i in range(attackers)
        ]
        await asyncio.gather(*(guess(port, source, seconds, counts) for source in sources))
        print(", ".join(f"{n} x {k.decode()}" for k, n in sorted(counts.items())))

    asyncio.run(attack())


def under_flood(port: int, credentials: str, attackers: int, addresses: int) -> tuple[Result, str]:
    """A user who is logged in and at work when others begin to guess."""
    command = [sys.executable, __file__, "flood", port, SECONDS, attackers, addresses]
    with subprocess.Popen(map(str, command), stdout=subprocess.PIPE, text=True) as attack:
        result = asyncio.run(load(port, credentials, 1, SECONDS))
        assert attack.stdout is not None
        return result, attack.stdout.read().strip()


@contextlib.contextmanager
def upstream() -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-c", UPSTREAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.stdin.close()


@contextlib.contextmanager
def nginx(folder: Path, server: int, users: Path) -> Iterator[int | None]:
    program = os.environ.get("NGINX_PROGRAM") or shutil.which(
        "nginx", path=f"{os.defpath}:/usr/sbin"
    )
    if program is None or shutil.which("openssl") is None:
        yield None
        return
    pem = folder / "nginx.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-keyout",
            folder / "nginx.key",
            "-out",
            pem,
        ],
        check=True,
        capture_output=True,
    )
    pem.write_text(pem.read_text() + (folder / "nginx.key").read_text())
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (folder / "nginx.conf").write_text(
        NGINX.format(folder=folder, upstream=server, port=port, pem=pem, htpasswd=users)
    )
    users.chmod(0o644)
    folder.chmod(0o755)
    with subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf"]) as process:
        time.sleep(0.5)
        yield port
        process.terminate()


def rss(pid: int | None) -> float:
    """Resident memory in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def cpu(pid: int | None) -> float:
    """Seconds of processor time used so far: unlike rates, hardly changed by a busy machine."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def row(name: str, result: Result, rate: float | None = None) -> None:
    ratio = f"{result.rate / rate:8.2f}" if rate else " " * 8
    print(
        f"{name:42} {result.rate:8.0f} {result.quantile(50):8.1f} {result.quantile(99):8.1f}{ratio}"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as name, upstream() as server:
        folder = Path(name)
        users = folder / "htpasswd"
        credentials = f"administrator:{htpasswd.create(users)}"
        settings = ProxySettings("127.0.0.1", 0, server, users, folder / "state")
        proxy = ProxySupervisor(settings, secrets.token_hex(), print)
        started = time.perf_counter()
        proxy.start()
        print(
            f"first start to ready {time.perf_counter() - started:.2f} s, "
            f"{rss(proxy.pid):.0f} MiB\n"
        )
        print(f"{'':42} {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'/ direct':>8}")
        try:
            measure(folder, server, users, proxy, credentials)
            print(f"\nmemory after all that: {rss(proxy.pid):.0f} MiB")
        finally:
            proxy.stop()


def measure(
    folder: Path, server: int, users: Path, proxy: ProxySupervisor, credentials: str
) -> None:
    direct = asyncio.run(load(server, credentials, CLIENTS, SECONDS, encrypted=False))
    row("direct to the server, no TLS, no login", direct)
    asyncio.run(load(proxy.port, credentials, 1, 0.1))
    used = cpu(proxy.pid)
    result = asyncio.run(load(proxy.port, credentials, CLIENTS, SECONDS))
    row(f"proxy, TLS, bcrypt 12, {CLIENTS} clients", result, direct.rate)
    used = cpu(proxy.pid) - used
    print(f"{'':4}processor time: {used / len(result.latencies) * 1e3:.2f} ms a request")
    row("proxy, TLS, bcrypt 12, 1 client", asyncio.run(load(proxy.port, credentials, 1, SECONDS)))
    with nginx(folder, server, users) as port:
        if port is not None:
            row(
                f"nginx, TLS, bcrypt 12, {CLIENTS} clients",
                asyncio.run(load(port, credentials, CLIENTS, SECONDS)),
                direct.rate,
            )
    for attackers, addresses in ((8, 1), (100, 1), (100, 50)):
        result, answers = under_flood(proxy.port, credentials, attackers, addresses)
        row(f"1 client, {attackers} guessing from {addresses} addresses", result)
        print(f"{'':4}the guesses: {answers}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["flood"]:
        flood(int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
    else:
        main()
