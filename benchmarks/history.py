#!/usr/bin/env python3
"""Lists, changes, starts and idle cost beside a long history, through the proxy.

    python benchmarks/history.py [--dbms sqlite] [--jobs 10000] [--executions 10000 100000 1000000]

Each list is asked for on one connection, one request after another. A text that is nowhere is the
worst case of a search.
"""

import argparse
import time
from collections.abc import Callable

from databases import Database, opened
from filling import History
from program import Client, Program, cpu_seconds, percentile, program, resident_mib

from botsched.settings.model import Dbms

PAST = "time_range_start=2000-01-01"
LISTS = {
    "jobs, first page": "/api/v1/jobs?limit=50",
    "jobs, by text": "/api/v1/jobs?limit=50&text=customer+0042",
    "executions, first page": "/api/v1/executions?limit=50",
    "executions of all time": f"/api/v1/executions?limit=50&{PAST}",
    "executions, by state": f"/api/v1/executions?limit=50&{PAST}&state=failed",
    "executions, by states": f"/api/v1/executions?limit=50&{PAST}&state=failed,timeout,lost",
    "executions, of a job": f"/api/v1/executions?limit=50&{PAST}&job_id={{job}}",
    "executions, by text": f"/api/v1/executions?limit=50&{PAST}&text=customer",
    "executions, by a text that is nowhere": f"/api/v1/executions?limit=50&{PAST}&text=nowhere",
    "audit log, first page": f"/api/v1/logs?limit=50&{PAST}",
}


def measure(database: Database, history: History, rounds: int, idle: int) -> dict[str, str]:
    """All figures at the present size of the history."""
    begin = time.monotonic()
    with program(*database.flags) as server:
        figures = {"start to ready": f"{time.monotonic() - begin - server.prepared:.2f} s"}
        client = server.connect()
        for name, path in LISTS.items():
            request = path.format(job=history.job_id(0))
            figures[name] = timed(lambda path=request: client.request("GET", path), rounds)
        figures["change of a schedule"] = timed(changes(client, history), rounds)
        if idle:
            figures |= rest(server, idle)
    return figures


def timed(action: Callable[[], object], rounds: int) -> str:
    """Median and 99th percentile in milliseconds, after a few to warm up."""
    taken = []
    for _ in range(rounds + 5):
        begin = time.perf_counter()
        action()
        taken.append(1000 * (time.perf_counter() - begin))
    return f"{percentile(taken[5:], 0.5):.1f} / {percentile(taken[5:], 0.99):.1f} ms"


def changes(client: Client, history: History) -> Callable[[], object]:
    """Gives each time another job another minute."""
    numbers = iter(range(1, 1_000_000))

    def change() -> object:
        number = next(numbers)
        path = f"/api/v1/jobs/{history.job_id(number)}"
        return client.request("PUT", path, {"year": "2099", "minute": (number + 7) % 60})

    return change


def rest(server: Program, seconds: int) -> dict[str, str]:
    """What the program costs when nothing is asked and nothing due."""
    time.sleep(5)
    pids = server.pids()
    before = sum(map(cpu_seconds, pids.values()))
    time.sleep(seconds)
    share = (sum(map(cpu_seconds, pids.values())) - before) / seconds * 100
    memory = {name: resident_mib(pid) for name, pid in pids.items()}
    told = ", ".join(f"{name} {size:.0f}" for name, size in memory.items())
    return {
        f"idle for {seconds} s": f"{share:.2f} % of a core",
        "memory": f"{sum(memory.values()):.0f} MiB ({told})",
    }


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dbms", choices=list(Dbms), default=Dbms.SQLITE)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--executions", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--idle", type=int, default=30)
    options = parser.parse_args()
    sizes = sorted(options.executions)
    columns = []
    with opened(Dbms(options.dbms)) as database:
        begin = time.monotonic()
        history = History(database.settings, options.jobs)
        filling = time.monotonic() - begin
        for size in sizes:
            begin = time.monotonic()
            history.grow(size)
            filling += time.monotonic() - begin
            idle = options.idle if size == sizes[-1] else 0
            columns.append(measure(database, history, options.rounds, idle))
        print(
            f"{database.name}, {options.jobs} jobs, median / 99th percentile of {options.rounds} "
            f"requests through the proxy; filled in {filling:.0f} s\n"
        )
    print(f"| | {' | '.join(f'{size:,} executions' for size in sizes)} |")
    print(f"|---|{'---|' * len(sizes)}")
    for name in columns[-1]:
        print(f"| {name} | {' | '.join(column.get(name, '') for column in columns)} |")


if __name__ == "__main__":
    main()
