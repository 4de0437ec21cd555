"""Take-over: how soon the second of two servers on a database goes on when the active one dies.

Each server has its way to the database to itself and, where the system lets us, process numbers
of its own, so that the other one sees no more of it than of another machine. In turns the active
server is killed (-9), frozen (SIGSTOP, and woken up after the take-over), or cut off: what it and
the database send each other vanishes, and arrives after the take-over.

    python benchmarks/takeover.py [--deaths 20] [--jobs 5] [--dbms postgresql|mysql]
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from databases import Database, opened
from program import EMPTY_JOB, percentile

from botsched.settings.model import Dbms
from tests.faults.relay import Relay
from tests.support.program import PROGRAM, Program, prepare, until

ALONE = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
KINDS = ("killed", "frozen", "cut off")
LONGEST = 60.0


class Server:
    """One of the two, with its relay to the database."""

    def __init__(self, folder: Path, database: Database, *, alone: bool) -> None:
        self.relay = Relay(database.settings.port or 0)
        prepare(folder, jobs=EMPTY_JOB)
        config = Path(database.flags[-1]).read_text(encoding="utf-8")
        own = config.replace(f"port = {database.settings.port}\n", f"port = {self.relay.port}\n")
        (folder / "db.ini").write_text(own, encoding="utf-8")
        flags = (*database.flags[:-1], str(folder / "db.ini"), "--jobs", "own", "--no-proxy")
        command = (*ALONE, *PROGRAM) if alone else PROGRAM
        self.program = Program(folder, flags, direct=True, command=command)

    @property
    def pid(self) -> int:
        """The server itself, not what started it."""
        return next(
            pid
            for pid, command in sorted(self.program.pids().items())
            if "-m botsched run" in command and not command.startswith(ALONE[0])
        )

    def role(self) -> str:
        """What it says of itself."""
        return str(self.program.ask("GET", "/healthz").json["role"])

    def close(self) -> None:
        """End it."""
        self.program.clean_up()
        self.relay.close()


def die(server: Server, kind: str) -> None:
    """Take the active server away."""
    if kind == "killed":
        os.kill(server.pid, signal.SIGKILL)
    elif kind == "frozen":
        os.kill(server.pid, signal.SIGSTOP)
    else:
        server.relay.silence()


def come_back(server: Server, kind: str) -> None:
    """Give it back; it is to stand by."""
    if kind == "killed":
        server.program.wait()
        server.program.start()
    elif kind == "frozen":
        os.kill(server.pid, signal.SIGCONT)
    else:
        server.relay.mend()
    until(server.role, lambda role: role == "standby", within=LONGEST)
    until(lambda: server.program.ask("GET", "/readyz").status, lambda code: code == 200, LONGEST)


def measured(active: Server, other: Server, kind: str) -> tuple[float, float]:
    """Seconds from a death to the take-over, and to the first run that then starts."""
    time.sleep(random.uniform(0, 2))
    began = datetime.now(UTC)
    die(active, kind)
    until(other.role, lambda role: role == "active", within=LONGEST)
    [since] = [
        each["since"] for each in other.program.get("instances")["instances"] if each["here"]
    ]
    taken = datetime.fromisoformat(since)
    first = until(lambda: _first_start(other.program, taken), within=LONGEST)
    return (taken - began).total_seconds(), (first - began).total_seconds()


def _first_start(program: Program, after: datetime) -> datetime | None:
    start = after.isoformat().replace("+00:00", "Z")
    rows = program.get(f"executions?time_range_start={start}&limit=200")["executions"]
    times = [datetime.fromisoformat(row["started_time"]) for row in rows if row["started_time"]]
    return min((moment for moment in times if moment > after), default=None)


@contextlib.contextmanager
def two_servers(dbms: Dbms) -> Iterator[list[Server]]:
    """The active one first."""
    alone = subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0
    print("Each server sees only its own processes." if alone else "Servers see each other.")
    folder = Path(tempfile.mkdtemp(prefix="bots-benchmark-"))
    with opened(dbms) as database:
        servers = []
        try:
            for name in ("first", "second"):
                (folder / name).mkdir()
                servers.append(Server(folder / name, database, alone=alone))
                servers[-1].program.start()
            yield servers
        finally:
            for server in servers:
                server.close()
            shutil.rmtree(folder)


def verified(program: Program, jobs: list[str], since: datetime) -> dict[str, Any]:
    """What the record is worth, once all has ended."""
    until_ended = datetime.now(UTC) + timedelta(seconds=1)
    for job in jobs:
        program.ask("POST", f"/api/v1/jobs/{job}/pause")
    time.sleep(3)
    start, end = (m.isoformat().replace("+00:00", "Z") for m in (since, until_ended))
    return program.get(f"verify?time_range_start={start}&time_range_end={end}")


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deaths", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=5)
    parser.add_argument("--dbms", type=Dbms, default=Dbms.POSTGRESQL)
    options = parser.parse_args()
    found: list[tuple[str, float, float]] = []
    with two_servers(options.dbms) as servers:
        active, other = servers
        since = datetime.now(UTC)
        job_class = "own.tests_of_it.Empty"
        jobs = [active.program.add_job(job_class, second="*") for _ in range(options.jobs)]
        for number in range(options.deaths):
            kind = KINDS[number % len(KINDS)]
            taken, first = measured(active, other, kind)
            found.append((kind, taken, first))
            print(f"{number + 1:3} {kind:8} taken over after {taken:5.2f} s, running after "
                  f"{first:5.2f} s", flush=True)  # fmt: skip
            come_back(active, kind)
            active, other = other, active
        verdict = verified(active.program, jobs, since)
    print(f"\n{options.deaths} deaths, {options.dbms}, {options.jobs} jobs due each second")
    head = ("n", "min", "median", "p90", "max")
    print(f"{'seconds to':24}" + "".join(f"{name:>8}" for name in head))
    for kind in (*KINDS, "all"):
        those = [row for row in found if kind in {row[0], "all"}]
        for name, column in (("take-over", 1), ("first run", 2)):
            values = [row[column] for row in those]
            if values:
                numbers = (
                    min(values),
                    percentile(values, 0.5),
                    percentile(values, 0.9),
                    max(values),
                )
                print(f"{kind + ', ' + name:24}{len(values):8}"
                      + "".join(f"{value:8.2f}" for value in numbers))  # fmt: skip
    told = {name: value for name, value in verdict.items() if isinstance(value, int)}
    print("verify: " + ", ".join(f"{name} {value}" for name, value in told.items()))
    for finding in verdict["findings"]:
        if finding["kind"] != "open":
            print(finding)


if __name__ == "__main__":
    main()
