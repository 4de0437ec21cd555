"""The real program for benchmarks: started in a folder of its own, spoken to through its proxy."""

import base64
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TREE = Path(__file__).resolve().parent.parent
USER, PASSWORD = "bench", "only for benchmarks"

EMPTY_JOB = '''"""A job that does nothing, to measure what surrounds a job."""

from botscheduler import *


class Empty(JobBase):
    info = {"job_class_name": "Empty", "arguments": []}

    def run(self, *args):
        print("done")
'''


@dataclass(frozen=True)
class Program:
    """A running server: its public port, its process and its folder."""

    port: int
    process: subprocess.Popen[str]
    folder: Path
    secure: bool
    prepared: float
    """Seconds that went by before the program itself was started."""

    def connect(self) -> "Client":
        """A new connection to the REST API, with login."""
        return Client(self.port, secure=self.secure)

    def connection(self) -> tuple[int, bool]:
        """What another process needs to make a client: the port, and whether by the proxy."""
        return self.port, self.secure

    def pids(self) -> dict[str, int]:
        """The processes of the program, by what they are."""
        found = {"server": self.process.pid}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(stat.read_text().rpartition(")")[2].split()[1]) == self.process.pid:
                    command = (stat.parent / "cmdline").read_text().replace("\0", " ")
                    kind = "proxy" if "proxy" in command else "fork server"
                    found[kind] = int(stat.parent.name)
        return found


class Client:
    """One keep-alive connection."""

    def __init__(self, port: int, *, secure: bool) -> None:
        context = ssl._create_unverified_context()  # noqa: SLF001  (a throw-away certificate)
        if secure:
            self._connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                "127.0.0.1", port, context=context
            )
        else:
            self._connection = http.client.HTTPConnection("127.0.0.1", port + 1)
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to a request; anything but success is an error."""
        content = None if body is None else json.dumps(body)
        self._connection.request(method, path, content, self._headers)
        response = self._connection.getresponse()
        data = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {data[:300]!r}")
        return json.loads(data) if data else None


@contextlib.contextmanager
def program(*flags: str, job_source: str = EMPTY_JOB) -> Iterator[Program]:
    """Run the program, with the empty job, on free ports; ends it at the end."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bots-benchmark-") as name:
        folder = Path(name)
        (folder / "jobs").mkdir()
        (folder / "jobs" / "empty.py").write_text(job_source)
        environment = os.environ | {"PYTHONPATH": str(TREE)}
        command = [sys.executable, "-m", "botsched"]
        subprocess.run(
            [*command, "user", "add", "--stdin", USER],
            input=PASSWORD + "\n", text=True, cwd=folder, env=environment, check=True,
            capture_output=True,
        )  # fmt: skip
        port = free_ports()
        prepared = time.monotonic() - begin
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [*command, "run", "--local", "--port", str(port), *flags],
                cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
            try:
                _wait_ready(process, folder / "log")
                yield Program(port, process, folder, "--no-proxy" not in flags, prepared)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)


def _wait_ready(process: subprocess.Popen[str], log: Path) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if re.search(r" is ready: ", line):
            return
    raise RuntimeError(f"the program did not start: {log.read_text()}")


def free_ports() -> int:
    """A port that is free, as is the one after it."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with contextlib.suppress(OSError):
                second.bind(("127.0.0.1", port + 1))
                return port


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(pid: int) -> float:
    """Memory of a process that is in use, shared pages included."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median and range, as printed in the tables."""
    low, high = min(values), max(values)
    return f"{statistics.median(values):.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def sleep_until(moment: float) -> None:
    """Sleep until a moment of the wall clock."""
    time.sleep(max(moment - time.time(), 0))
