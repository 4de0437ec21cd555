#!/usr/bin/env python3
"""How long the lists of the REST API take, through HTTP on loopback.

    python benchmarks/lists.py [--jobs 10000] [--executions 100000] [--rounds 30]

Fills a fresh SQLite database in a temporary folder, starts the web server on a free port (without
the proxy, which has its own benchmark) and asks for each list one after another on one
connection. Beside each goes a request of another client, made while the list is being built: how
long that one waits shows how long the event loop is held up. Prints, in milliseconds, the first
answer, then median, 95th percentile and maximum of the rounds. All parts and the client share one
process.
"""

import argparse
import asyncio
import http.client
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from botsched.domain.clock import system_clock
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.execution import Cause, Execution, State
from botsched.domain.ids import new_id
from botsched.domain.job import Job, JobPolicy, Missed, Policy
from botsched.execution.processes import this_instance
from botsched.execution.recording import Recorder
from botsched.execution.runner import Runner
from botsched.scheduling.controls import ControlService
from botsched.scheduling.executions import AuditService, ExecutionService
from botsched.scheduling.files import FileService
from botsched.scheduling.instances import InstanceService
from botsched.scheduling.jobs import JobService
from botsched.scheduling.statistics import StatisticsService
from botsched.scheduling.timelines import TimelineService
from botsched.scheduling.verifying import VerificationService
from botsched.settings.model import DatabaseSettings, Dbms, ExecutionSettings, WebSettings
from botsched.store.store import Store
from botsched.web.server import Services, WebServer

CLASS = "jobs.shell_command.ShellCommand"


def job(number: int, now: datetime) -> Job:
    fields = (("hour", str(number % 24)), ("minute", str(number // 24 % 60)))
    return Job(
        id=new_id(),
        name=f"Nightly export of customer {number:05}",
        job_class=CLASS,
        arguments=[f"/usr/local/bin/export --customer {number}"],
        schedule=CronSchedule(fields, ZoneInfo("Europe/Brussels")),
        policy=JobPolicy(),
        next_due=now + timedelta(seconds=number),
        created_at=now,
        updated_at=now,
    )


def execution(number: int, of: Job, now: datetime) -> Execution:
    due = now - timedelta(seconds=number / 2)
    return Execution(
        id=new_id(),
        job_id=of.id,
        job_name=of.name,
        job_class=of.job_class,
        arguments=of.arguments,
        state=State.SUCCEEDED,
        cause=Cause.RETURNED,
        reason="",
        scheduled_at=due,
        updated_at=due + timedelta(seconds=1),
        due=due,
        started_at=due,
        ended_at=due + timedelta(seconds=1),
        hostname="host",
        pid=4711,
        result={"exported": number},
        output_bytes=120,
    )


def fill(store: Store, jobs: int, executions: int) -> None:
    now = datetime.now(UTC)
    stored = [job(number, now) for number in range(jobs)]
    store.write(lambda session: [session.jobs.add(each) for each in stored])
    for start in range(0, executions, 5000):
        numbers = range(start, min(start + 5000, executions))
        rows = [execution(number, stored[number % len(stored)], now) for number in numbers]
        store.write(lambda session, rows=rows: session.executions.add(rows))


@contextmanager
def serving(folder: Path, jobs: int, executions: int) -> Iterator[int]:
    """A server over a filled database; gives its port."""
    store = Store(DatabaseSettings(Dbms.SQLITE, path=folder / "lists.db"))
    fill(store, jobs, executions)
    settings = ExecutionSettings(job_folders=(), data_dir=folder)
    defaults = Policy(Missed.LATEST, misfire=timedelta(hours=1), max_instances=3)
    runner = Runner(settings, Recorder(store, system_clock, defaults), system_clock)
    runner.start()
    services = Services(
        JobService(store, runner, system_clock, defaults, "UTC", lambda: None),
        ExecutionService(store, runner, system_clock),
        ControlService(store, runner, system_clock, defaults, lambda: None),
        AuditService(store, system_clock),
        FileService(store, system_clock, folder, runner.catalogue),
        VerificationService(store, system_clock),
        StatisticsService(store, system_clock),
        TimelineService(store, system_clock),
        InstanceService(store, this_instance(store.id), system_clock),
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> WebServer:
        server = WebServer(WebSettings(0), services, secret=None)
        server.start()
        return server

    server = asyncio.run_coroutine_threadsafe(start(), loop).result()
    yield server.port
    loop.call_soon_threadsafe(server.stop)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    runner.close()
    store.close()


def get(connection: http.client.HTTPConnection, path: str) -> int:
    connection.request("GET", path)
    response = connection.getresponse()
    size = len(response.read())
    assert response.status == 200, path
    return size


def timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - began)


def measure(port: int, path: str, rounds: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    sizes: list[int] = []
    first = timed(lambda: sizes.append(get(connection, path)))
    times = sorted(timed(lambda: get(connection, path)) for _ in range(rounds))
    others = [beside(port, connection, path) for _ in range(min(rounds, 10))]
    tail = times[min(len(times) - 1, int(0.95 * len(times)))]
    return (
        f"{sizes[0] / 1000:9.0f} kB {first:9.1f} {statistics.median(times):9.1f} {tail:9.1f} "
        f"{times[-1]:9.1f} {statistics.median(others):9.1f} {max(others):9.1f}"
    )


def beside(port: int, connection: http.client.HTTPConnection, path: str) -> float:
    """How long the longest of small requests waits while a list is fetched."""
    other = http.client.HTTPConnection("127.0.0.1", port)
    get(other, "/healthz")
    thread = threading.Thread(target=get, args=(connection, path))
    thread.start()
    waits = [timed(lambda: get(other, "/healthz"))]
    while thread.is_alive():
        waits.append(timed(lambda: get(other, "/healthz")))
    thread.join()
    return max(waits)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--executions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    lists = {
        f"{given.jobs} jobs, whole": "/api/v1/jobs",
        "50 jobs": "/api/v1/jobs?limit=50",
        "50 jobs, found by name": "/api/v1/jobs?limit=50&text=customer",
        f"50 of {given.executions} executions": "/api/v1/executions?limit=50",
        "50 executions, by state": "/api/v1/executions?limit=50&state=succeeded",
        "the page": "/",
    }
    print(f"Python {sys.version.split()[0]}, {given.rounds} rounds, milliseconds")
    print(f"{'list':28}{'size':>12}{'first':>10}{'median':>10}{'p95':>10}{'max':>10}", end="")
    print(f"{'beside':>10}{'max':>10}")
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), given.jobs, given.executions) as port,
    ):
        for name, path in lists.items():
            print(f"{name:28}{measure(port, path, given.rounds)}", flush=True)


if __name__ == "__main__":
    main()
