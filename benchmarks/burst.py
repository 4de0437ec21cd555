"""Burst: many jobs due in the same second, each run recorded; beside Celery in the same minute.

Lateness is recorded start minus due time. For Celery (beat, one worker of two processes, redis
with an append-only file) a run counts as recorded when its result is in redis.

    python benchmarks/burst.py [--jobs 1000] [--repeat 3] [--celery PATH/celery]
    python benchmarks/burst.py --dbms postgresql      on another database, without Celery

With more jobs (5000) the rate is that of a long run. ``--jobs`` are put in by the REST API.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from databases import NAMES, opened
from program import Program, free_ports, percentile, program, sleep_until, spread

from botsched.settings.model import Dbms

LEAD_SECONDS = 5
GIVE_UP_SECONDS = 120


def ours(jobs: int, dbms: Dbms, *flags: str) -> tuple[list[float], float]:
    """Latenesses in seconds, and recorded runs a second."""
    with opened(dbms) as database, program(*database.flags, *flags) as server:
        client = server.connect()
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(
            seconds=LEAD_SECONDS + jobs // 80
        )
        for number in range(jobs):
            client.request("POST", "/api/v1/jobs", _job(number, due))
        sleep_until(due.timestamp() + 1)
        runs = _ended(server, jobs, due)
        late = [_moment(run["started_time"]) - due.timestamp() for run in runs]
        last = max(_moment(run["ended_time"]) for run in runs)
        return late, jobs / (last - due.timestamp())


def _job(number: int, due: datetime) -> dict[str, object]:
    return {
        "name": f"burst {number}",
        "job_class_string": "jobs.empty.Empty",
        "hour": due.hour,
        "minute": due.minute,
        "second": due.second,
        "timezone": "UTC",
    }


def _ended(server: Program, jobs: int, due: datetime) -> list[dict[str, str]]:
    client = server.connect()
    while time.time() < due.timestamp() + GIVE_UP_SECONDS:
        runs = client.request("GET", "/api/v1/executions?state=succeeded")["executions"]
        if len(runs) == jobs:
            return runs
        time.sleep(1)
    raise RuntimeError(f"{len(runs)} of {jobs} runs ended in {GIVE_UP_SECONDS} s")


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


CELERY_APP = """
import os, time
from celery import Celery
from celery.schedules import crontab
address = os.environ["BENCH_REDIS"]
app = Celery("bench", broker=address, backend=address)
app.conf.worker_prefetch_multiplier = 4
app.conf.beat_schedule = {
    f"burst {n}": {"task": "bench.empty", "schedule": crontab(
        hour=os.environ["BENCH_HOUR"], minute=os.environ["BENCH_MINUTE"])}
    for n in range(int(os.environ["BENCH_JOBS"]))
}

@app.task(name="bench.empty")
def empty():
    return time.time()
"""


def celery(command: str, jobs: int) -> tuple[list[float], float]:
    """The same for Celery."""
    due = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    if due.timestamp() - time.time() < LEAD_SECONDS + 5:
        due += timedelta(minutes=1)
    with tempfile.TemporaryDirectory(prefix="bots-benchmark-") as name:
        folder, port = Path(name), free_ports()
        (folder / "bench.py").write_text(CELERY_APP)
        environment = os.environ | {
            "BENCH_REDIS": f"redis://127.0.0.1:{port}/0", "BENCH_JOBS": str(jobs),
            "BENCH_HOUR": str(due.hour), "BENCH_MINUTE": str(due.minute), "TZ": "UTC",
        }  # fmt: skip
        commands = [
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--appendonly", "yes"],
            [command, "-A", "bench", "worker", "-c", "2", "--loglevel", "WARNING"],
            [command, "-A", "bench", "beat", "--loglevel", "WARNING"],
        ]
        children = [_quiet(argv, folder, environment) for argv in commands]
        try:
            sleep_until(due.timestamp() + 1)
            return _celery_results(port, jobs, due)
        finally:
            for child in reversed(children):
                child.terminate()
                child.wait(30)


def _quiet(
    argv: Sequence[str], folder: Path, environment: dict[str, str]
) -> "subprocess.Popen[bytes]":
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            argv, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )


def _celery_results(port: int, jobs: int, due: datetime) -> tuple[list[float], float]:
    client = ["redis-cli", "-p", str(port)]
    keys: list[str] = []
    while time.time() < due.timestamp() + GIVE_UP_SECONDS and len(keys) < jobs:
        time.sleep(1)
        listed = subprocess.run([*client, "keys", "celery-task-meta-*"], text=True,
                                capture_output=True, check=True)  # fmt: skip
        keys = listed.stdout.split()
    if len(keys) < jobs:
        raise RuntimeError(f"Celery ended {len(keys)} of {jobs} in {GIVE_UP_SECONDS} s")
    values = subprocess.run([*client, "mget", *keys], text=True, capture_output=True, check=True)
    runs = [json.loads(line) for line in values.stdout.splitlines() if line]
    late = [run["result"] - due.timestamp() for run in runs]
    last = max(datetime.fromisoformat(run["date_done"]).timestamp() for run in runs)
    return late, jobs / (last - due.timestamp())


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--celery", default=shutil.which("celery"))
    parser.add_argument("--dbms", choices=list(Dbms), default=Dbms.SQLITE)
    options = parser.parse_args()
    dbms = Dbms(options.dbms)
    ours_on, eight = f"bots-scheduler, {NAMES[dbms]}", ("--threadpool-size", "8")
    systems = {
        f"bots-scheduler, {NAMES[dbms]}, {' '.join(eight)}": lambda: ours(
            options.jobs, dbms, *eight
        ),
        f"{ours_on}, default flags": lambda: ours(options.jobs, dbms),
    }
    if dbms is Dbms.SQLITE and options.celery and shutil.which("redis-server"):
        systems["Celery, worker -c 2, redis"] = lambda: celery(options.celery, options.jobs)
    elif dbms is Dbms.SQLITE:
        print("Celery is left out: it needs celery[redis] and redis-server.", file=sys.stderr)
    results: dict[str, list[tuple[list[float], float]]] = {name: [] for name in systems}
    for _ in range(options.repeat):
        for name, measure in systems.items():
            results[name].append(measure())
    print(f"{options.jobs} jobs due in the same second, {options.repeat} repetitions\n")
    print("| | late p50, s | late p99, s | recorded runs/s |\n|---|---|---|---|")
    for name, runs in results.items():
        p50 = spread([percentile(late, 0.5) for late, _ in runs])
        p99 = spread([percentile(late, 0.99) for late, _ in runs])
        print(f"| {name} | {p50} | {p99} | {spread([rate for _, rate in runs], 0)} |")


if __name__ == "__main__":
    main()
