"""The real program in a folder of its own, started, spoken to and ended as its users do it.

Every process that comes of it, jobs and what they start included, is found again by a mark in its
environment; nothing else is ever signalled.
"""

import base64
import contextlib
import http.client
import json
import os
import random
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.waiting import PATIENCE

TREE = Path(__file__).resolve().parents[2]
USER, PASSWORD = "ann", "pass:wörd"
# bcrypt of the least cost, so that a start does not cost a quarter of a second more
USERS = f"{USER}:$2b$04$H90LWPWDa9Vfvb6RtQlPR.SErg1oD.DxTa/m1MCTqtawuBOgvGTRG\n"
FIRST_USER = "administrator"
MARK = "PROGRAM_UNDER_TEST"
PROGRAM: Sequence[str] = (sys.executable, "-P", "-m", "botsched")


@dataclass(frozen=True)
class Answer:
    """What came back for a request."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Program:
    """The server in ``folder``; one object for all its starts there.

    ``flags`` are given to each start. The port is free at first and stays the same.
    """

    folder: Path
    flags: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    login: tuple[str, str] | None = (USER, PASSWORD)
    direct: bool = False
    """Whether requests go straight to the server, which runs without a proxy."""
    command: Sequence[str] = PROGRAM

    def __post_init__(self) -> None:
        self.port = free_ports()
        self.mark = uuid.uuid4().hex
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def variables(self) -> dict[str, str]:
        """The environment that it is started in."""
        outside = {
            name: value for name, value in os.environ.items() if not name.startswith("BOTS_")
        }
        return outside | {"PYTHONPATH": str(TREE), MARK: self.mark} | self.environment

    @property
    def database(self) -> Path:
        return self.folder / "bots-scheduler.db"

    @property
    def output(self) -> str:
        """What the last start said at the terminal."""
        return self._read("out")

    @property
    def log(self) -> str:
        """What the last start logged."""
        return self._read("log")

    # Life

    def start(self, *more: str) -> "Program":
        """Start it, and return when it says that it is ready."""
        self.launch(*more)
        self.wait_ready()
        return self

    def launch(self, *more: str, terminal: int | None = None) -> subprocess.Popen[bytes]:
        """Start it without waiting; ``terminal`` takes its standard output in place of a file."""
        assert self.process is None or self.process.poll() is not None
        with (self.folder / "out").open("wb") as out, (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [*self.command, "run", "--local", "--port", str(self.port), *self.flags, *more],
                cwd=self.folder,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=out if terminal is None else terminal,
                stderr=log,
            )
        return self.process

    def wait_ready(self, within: float = PATIENCE) -> None:
        assert self.process is not None
        deadline = time.monotonic() + within
        while "Ctrl-C stops it." not in self.output:
            assert self.process.poll() is None, f"It ended before it was ready: {self.told}"
            assert time.monotonic() < deadline, f"It was not ready: {self.told}"
            time.sleep(0.02)

    def refused(self, *more: str, within: float = PATIENCE) -> tuple[int, str]:
        """The exit code and the log of a start that cannot succeed."""
        code = self.launch(*more).wait(within)
        assert "is ready" not in self.output
        return code, self.log

    def send(self, number: signal.Signals = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def wait(self, within: float = PATIENCE) -> int:
        assert self.process is not None
        return self.process.wait(within)

    def stop(self, number: signal.Signals = signal.SIGTERM, within: float = PATIENCE) -> int:
        """Its exit code after a signal."""
        self.send(number)
        return self.wait(within)

    def clean_up(self) -> None:
        """End whatever is still there, however."""
        for _ in range(5):
            for pid in self.pids():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait(PATIENCE)

    # Processes

    def pids(self) -> dict[int, str]:
        """Every process that comes of it, with its command line."""
        marked = f"{MARK}={self.mark}".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if marked in (entry / "environ").read_bytes().split(b"\0"):
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(entry.name)] = command.decode(errors="replace")
        return found

    def pid_of(self, module: str) -> int:
        """The process that runs ``python -m <module>``, the eldest where a run was forked."""
        found = [pid for pid, command in self.pids().items() if f"-m {module}" in command]
        assert found, f"no {module} among {self.pids()}"
        return min(found, key=_started)

    def is_gone(self) -> bool:
        return not self.pids()

    # Requests

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        timeout: float = PATIENCE,
        anonymous: bool = False,
    ) -> Answer:
        """One request by way of the proxy, on a connection of its own."""
        if self.direct:
            return self.ask_server(method, path, body, timeout)
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=timeout, context=unverified()
        )
        sent = headers or {}
        if self.login and not anonymous:
            sent = sent | {"Authorization": basic(*self.login)}
        return _ask(connection, method, path, body, sent)

    def answers(self) -> bool:
        """Whether requests are answered at all."""
        try:
            return self.ask("GET", "/healthz").status == 200
        except OSError:
            return False

    def ask_server(
        self, method: str, path: str, body: Any = None, timeout: float = PATIENCE
    ) -> Answer:
        """One request to the port behind the proxy."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port + 1, timeout=timeout)
        return _ask(connection, method, path, body, {})

    def get(self, path: str) -> Any:
        answer = self.ask("GET", f"/api/v1/{path}")
        assert answer.status == 200, answer.text
        return answer.json

    def add_job(self, job_class: str, *arguments: Any, **fields: Any) -> str:
        """The id of a new job; without cron fields it is due at no time that matters."""
        if not fields.keys() & {"second", "minute", "hour", "day", "month"}:
            fields["month"] = "2"
        job = {"name": "a job", "job_class_string": job_class, "pub_args": arguments} | fields
        answer = self.ask("POST", "/api/v1/jobs", job)
        assert answer.status == 201, answer.text
        return str(answer.json["job_id"])

    def upload(self, name: str, content: str) -> None:
        disposition = f'Content-Disposition: form-data; name="file"; filename="{name}"'
        body = f"--xyz\r\n{disposition}\r\n\r\n{content}\r\n--xyz--\r\n".encode()
        kind = {"Content-Type": "multipart/form-data; boundary=xyz"}
        answer = self.ask("POST", "/api/v1/files", body, headers=kind)
        assert answer.status == 201, answer.text

    def run_now(self, job_id: str) -> str:
        answer = self.ask("POST", f"/api/v1/executions/{job_id}")
        assert answer.status == 200, answer.text
        return str(answer.json["execution_id"])

    def executions(self, job_id: str) -> list[Any]:
        """All of a job, in the order of their instants."""
        found = self.get(f"executions?job_id={job_id}")["executions"]
        return sorted(found, key=lambda row: row["scheduled_time"])

    def execution(self, execution_id: str) -> Any:
        return self.get(f"executions/{execution_id}")

    def text_of(self, execution_id: str) -> str:
        """What an execution printed."""
        return self.ask("GET", f"/api/v1/executions/{execution_id}/output?format=text").text

    def ended(self, execution_id: str, within: float = PATIENCE) -> Any:
        """An execution, once it has ended."""
        return until(
            lambda: self.execution(execution_id), lambda found: found["ended_time"], within
        )

    def ran(self, job_id: str, within: float = PATIENCE) -> Any:
        """The execution of a job that is run now, once it has ended."""
        return self.ended(self.run_now(job_id), within)

    # The record, also while the program does not run

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with contextlib.closing(sqlite3.connect(self.database, timeout=60)) as connection:
            connection.row_factory = sqlite3.Row
            return list(connection.execute(query, values))

    def change(self, statement: str) -> None:
        with contextlib.closing(sqlite3.connect(self.database, timeout=60)) as connection:
            connection.execute(statement)
            connection.commit()

    @property
    def told(self) -> str:
        return f"--- terminal\n{self.output}\n--- log\n{self.log}"

    def _read(self, name: str) -> str:
        path = self.folder / name
        return path.read_text(errors="replace") if path.exists() else ""


def prepare(folder: Path, *, jobs: str = "", users: str = USERS) -> Path:
    """A folder to start in: with its users, the jobs that come along, and a module of one's own."""
    (folder / ".htpasswd").write_text(users)
    own = folder / "own"
    own.mkdir(exist_ok=True)
    (own / "tests_of_it.py").write_text("from botscheduler import *\n" + jobs)
    return folder


def until(
    look: Callable[[], Any], enough: Callable[[Any], Any] = bool, within: float = PATIENCE
) -> Any:
    """What is seen, once it is enough."""
    deadline = time.monotonic() + within
    while not enough(seen := look()):
        assert time.monotonic() < deadline, f"After {within} s still: {seen!r}"
        time.sleep(0.03)
    return seen


def unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def free_ports() -> int:
    """A port that is free, as is the one after it.

    Below those that the kernel gives to clients, so that no connection takes it before the start.
    """
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.randrange(lowest // 2, lowest - 1)
        with socket.socket() as first, socket.socket() as second, contextlib.suppress(OSError):
            first.bind(("127.0.0.1", port))
            second.bind(("127.0.0.1", port + 1))
            return port


def password_shown(output: str) -> str:
    """The password of a first start."""
    found = re.search(r"password +(\S+)", output)
    assert found, output
    return found[1]


@contextlib.contextmanager
def locked(database: Path, seconds: float) -> Iterator[None]:
    """Another process that holds the database for so long; entered once it does."""
    code = (
        "import sqlite3, sys, time\n"
        "connection = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "print('held', flush=True)\n"
        "time.sleep(float(sys.argv[2]))\n"
        "connection.execute('ROLLBACK')\n"
    )
    command = [sys.executable, "-c", code, str(database), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield
        finally:
            process.wait(seconds + PATIENCE)


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: Any,
    headers: dict[str, str],
) -> Answer:
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    if content is not None:
        headers = {"Content-Type": "application/json"} | headers
    with contextlib.closing(connection):
        connection.request(method, path, content, headers)
        with connection.getresponse() as response:
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())


def _started(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return sys.maxsize
    return int(stat.rpartition(")")[2].split()[19])
