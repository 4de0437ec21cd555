#!/usr/bin/env python3
"""How late jobs start while half a million executions are deleted beside them, and without.

    python benchmarks/retention.py [--dbms sqlite] [--old 500000] [--jobs 20]

Jobs are due each second. Lateness is recorded start minus due instant, over the same number of
seconds before the deletion and during it.
"""

import argparse
import time
from datetime import UTC, datetime, timedelta

from databases import Database, opened
from filling import SPACING, History
from program import Client, percentile, program
from sqlalchemy import func, select

from botsched.settings.model import Dbms
from botsched.store.reader import Reader
from botsched.store.schema import Schema

KEEP = timedelta(days=3)
KEPT = int(KEEP / SPACING)
TOLERATED = 1000
"""So many grow old while the server does not look, which it does every ten minutes."""

SETTLING_SECONDS = 5
FLAGS = ("--threadpool-size", "8")


def add_jobs(client: Client, count: int) -> list[str]:
    """Jobs that are due each second."""
    job = {"name": "each second", "job_class_string": "jobs.empty.Empty", "second": "*"}
    return [client.request("POST", "/api/v1/jobs", job)["job_id"] for _ in range(count)]


def latenesses(client: Client, jobs: list[str], start: datetime, end: datetime) -> list[float]:
    """Seconds from each due instant within these bounds to its start."""
    late = []
    for job in jobs:
        query = f"job_id={job}&time_range_start={start:%Y-%m-%dT%H:%M:%SZ}"
        for run in client.request("GET", f"/api/v1/executions?{query}")["executions"]:
            due = datetime.fromisoformat(run["due_time"])
            if run["started_time"] and start <= due <= end:
                late.append((datetime.fromisoformat(run["started_time"]) - due).total_seconds())
    return late


def undisturbed(database: Database, jobs: int, seconds: float) -> list[float]:
    """Lateness while nothing is deleted."""
    with program(*database.flags, *FLAGS) as server:
        client = server.connect()
        ids = add_jobs(client, jobs)
        time.sleep(SETTLING_SECONDS)
        start = datetime.now(UTC)
        time.sleep(seconds)
        end = datetime.now(UTC)
        late = latenesses(client, ids, start, end)
        for job in ids:
            client.request("DELETE", f"/api/v1/jobs/{job}")
        return late


def deleting(database: Database, jobs: int, limit: float) -> tuple[list[float], int, float]:
    """The same while old executions go: how many in how many seconds."""
    before = count_old(database)
    with program(*database.flags, *FLAGS, "--keep-days", str(KEEP.days)) as server:
        begin = time.monotonic()
        client = server.connect()
        ids = add_jobs(client, jobs)
        time.sleep(SETTLING_SECONDS)
        start = datetime.now(UTC)
        while (left := count_old(database)) > TOLERATED and time.monotonic() - begin < limit:
            time.sleep(2)
        took, end = time.monotonic() - begin, datetime.now(UTC)
        return latenesses(client, ids, start, end), before - left, took


def count_old(database: Database) -> int:
    """Executions that are old enough to be deleted, and are still there."""
    run = Schema(database.settings.tables).executions
    query = select(func.count()).where(run.c.updated_at < datetime.now(UTC) - KEEP)
    with Reader(database.settings) as reader, reader.snapshot() as session:
        return session._connection.execute(query).scalar_one()  # noqa: SLF001


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dbms", choices=list(Dbms), default=Dbms.SQLITE)
    parser.add_argument("--old", type=int, default=500_000)
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--limit", type=int, default=200)
    options = parser.parse_args()
    with opened(Dbms(options.dbms)) as database:
        History(database.settings, 10_000).grow(KEPT + options.old)
        without = undisturbed(database, options.jobs, options.seconds)
        during, deleted, took = deleting(database, options.jobs, options.limit)
        print(f"{database.name}, {options.jobs} jobs each second\n")
    print("| lateness of the others, seconds | runs | median | 99th percentile | maximum |")
    print("|---|---|---|---|---|")
    for name, late in (
        ("nothing is deleted", without),
        (f"{deleted:,} executions are deleted in {took:.0f} s", during),
    ):
        figures = (percentile(late, 0.5), percentile(late, 0.99), max(late))
        print(f"| {name} | {len(late)} | {' | '.join(f'{figure:.3f}' for figure in figures)} |")


if __name__ == "__main__":
    main()
