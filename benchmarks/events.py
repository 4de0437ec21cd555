"""Event streams through the proxy: how late a change is told, and what a burst costs that is told.

Lateness is from the answer to a request, when the change is committed, to the event at a client.
The burst is many jobs due in the same second, with and without streams open.

    python benchmarks/events.py [--streams 10] [--changes 60] [--jobs 1000]
"""

import argparse
import json
import random
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from program import Client, Program, cpu_seconds, percentile, program, resident_mib

LEAD_SECONDS = 5
JOB = {"job_class_string": "jobs.empty.Empty", "timezone": "UTC"}


class Stream(threading.Thread):
    """Reads one stream, and notes when it told what."""

    def __init__(self, server: Program) -> None:
        super().__init__(daemon=True)
        self._client = server.connect()
        self.began = threading.Event()
        self.seen: dict[str, float] = {}
        self.messages = self.bytes = self.resets = 0
        self.start()
        self.began.wait(10)

    def run(self) -> None:
        """Read to the end."""
        connection = self._client._connection  # noqa: SLF001
        connection.request("GET", "/api/v1/events", headers=self._client._headers)  # noqa: SLF001
        response = connection.getresponse()
        kind = ""
        while line := response.readline():
            self.bytes += len(line)
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "event":
                kind = value
                self.messages += kind in {"changes", "reset"}
                self.resets += kind == "reset"
                self.began.set()
            elif name == "data" and kind == "changes":
                self._note(json.loads(value))

    def _note(self, news: list[dict[str, Any]]) -> None:
        now = time.monotonic()
        for each in news:
            if each["type"] == "execution":
                key = f"{each['execution_id']} {each['state']}"
                self.seen.setdefault(key, now)
                self.seen.setdefault(each["execution_id"], now)


def lateness(streams: int, changes: int) -> list[float]:
    """Of single changes, in milliseconds, at every stream."""
    with program() as server:
        client = server.connect()
        job = client.request("POST", "/api/v1/jobs", JOB | {"name": "now", "year": "2099"})
        readers = [Stream(server) for _ in range(streams)]
        late = []
        for _ in range(changes):
            time.sleep(0.6 + random.random() / 2)
            run = client.request("POST", f"/api/v1/executions/{job['job_id']}")["execution_id"]
            answered = time.monotonic()
            while not all(run in reader.seen for reader in readers):
                time.sleep(0.001)
            late += [(reader.seen[run] - answered) * 1000 for reader in readers]
        return late


def burst(streams: int, jobs: int) -> dict[str, float]:
    """What a burst costs, and what was told of it."""
    with program("--threadpool-size", "8") as server:
        client = server.connect()
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(
            seconds=LEAD_SECONDS + jobs // 80
        )
        at = {"hour": due.hour, "minute": due.minute, "second": due.second}
        for number in range(jobs):
            client.request("POST", "/api/v1/jobs", JOB | at | {"name": f"burst {number}"})
        readers = [Stream(server) for _ in range(streams)]
        pids = server.pids()
        before = {name: cpu_seconds(pid) for name, pid in pids.items()}
        ended = _ended(client, jobs, due)
        time.sleep(1)
        used = {name: cpu_seconds(pid) - before[name] for name, pid in pids.items()}
        figures = {f"{name} CPU s": seconds for name, seconds in used.items()}
        figures["recorded/s"] = jobs / (ended - due.timestamp())
        figures["server MiB"] = resident_mib(pids["server"])
        for name in ("messages", "bytes", "resets"):
            if readers:
                figures[f"{name} a stream"] = sum(getattr(each, name) for each in readers) / streams
        if readers:
            told = [sum(key.endswith(" succeeded") for key in each.seen) for each in readers]
            figures["ends told, least"] = min(told)
        return figures


def _ended(client: Client, jobs: int, due: datetime) -> float:
    """When the last run ended."""
    while time.time() < due.timestamp() + 120:
        time.sleep(1)
        found = client.request("GET", "/api/v1/executions?state=succeeded&limit=10000")
        if len(runs := found["executions"]) == jobs:
            return max(datetime.fromisoformat(run["ended_time"]).timestamp() for run in runs)
    raise RuntimeError("the burst did not end in 120 s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=10)
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=1000)
    options = parser.parse_args()
    late = lateness(options.streams, options.changes)
    print(f"{options.streams} streams, {options.changes} single changes: told after the answer, ms")
    print("  " + "  ".join(f"p{share * 100:g} {percentile(late, share):.1f}"
                           for share in (0.5, 0.9, 0.99, 1)))  # fmt: skip
    for streams in (0, options.streams):
        print(f"{options.jobs} jobs due in one second, {streams} streams")
        for name, value in burst(streams, options.jobs).items():
            print(f"  {name:22}{value:12.1f}")


if __name__ == "__main__":
    main()
