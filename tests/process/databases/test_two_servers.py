"""Two servers on one database: one schedules, the other serves and takes over."""

import http.client
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from botsched.settings.model import Dbms
from tests.support.databases import PASSWORD, DatabaseServer
from tests.support.eventstream import EventStream
from tests.support.program import Program, prepare, until

pytestmark = pytest.mark.slow

JOBS = """
import time

class Tick(JobBase):
    def run(self):
        pass

class Sleep(JobBase):
    def run(self, seconds):
        print("started", flush=True)
        time.sleep(seconds)
"""
TICK, SLEEP = "own.tests_of_it.Tick", "own.tests_of_it.Sleep"


@pytest.fixture
def programs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Program]]:
    """Two programs on a database: the first one given schedules, the second one stands by."""
    server: DatabaseServer = request.getfixturevalue(f"{request.param}_server")
    with server.empty_database() as database:
        made = []
        for name in ("first", "second"):
            folder = tmp_path / name
            folder.mkdir()
            prepare(folder, jobs=JOBS)
            (folder / "conf").mkdir()
            (folder / "conf" / "db.ini").write_text(
                f"[{server.dbms}]\nuser = {database.user}\npassword = {PASSWORD}\n"
                f"hostname = {database.hostname}\nport = {database.port}\n"
                f"database = {database.database}\n",
                encoding="utf-8",
            )
            flags = ("--jobs", "own", "--dbms", server.dbms, "--no-proxy")
            made.append(Program(folder, flags, direct=True))
        try:
            for program in made:  # at once, as the tables are made by whoever comes first
                program.launch()
            for program in made:
                program.wait_ready()
            yield sorted(made, key=lambda program: "kept by this server" not in program.output)
        finally:
            for program in made:
                program.clean_up()


def pid(program: Program) -> int:
    assert program.process is not None
    return program.process.pid


def roles(program: Program) -> dict[int, tuple[str, bool]]:
    found = program.get("instances")["instances"]
    return {each["pid"]: (each["role"], each["here"]) for each in found}


def until_fresh(look: Callable[[], Any], enough: Callable[[Any], Any]) -> Any:
    """What is seen once it is enough, with time for a lease to expire on a slow machine."""
    return until(look, enough)


def seconds(rows: list[Any]) -> list[int]:
    """The seconds that the rows of a job that is due each second stand for, in order."""
    covered = []
    for row in rows:
        first = int(datetime.fromisoformat(row["due_time"]).timestamp())
        covered += range(first, first + row["due_count"])
    return sorted(covered)


def all_ended(program: Program, job: str) -> list[Any]:
    program.ask("POST", f"/api/v1/jobs/{job}/pause")
    return until_fresh(
        lambda: program.executions(job), lambda rows: all(row["ended_time"] for row in rows)
    )


def assert_each_instant_once(rows: list[Any]) -> None:
    found = seconds(rows)
    assert found == list(range(found[0], found[-1] + 1))


@pytest.mark.parametrize("programs", [Dbms.MYSQL], indirect=True)
def test_the_one_that_stands_by_serves_and_takes_over_from_one_that_is_killed(programs):
    first, second = programs
    assert "kept by this server" in first.output
    assert f"kept by process {pid(first)} on " in second.output
    assert "for which this server stands by" in second.output
    assert second.ask("GET", "/readyz").json["role"] == "standby"
    assert roles(second) == {pid(first): ("active", False), pid(second): ("standby", True)}

    # What is asked of the second is done by the first, within about a second.
    with EventStream(lambda: (http.client.HTTPConnection("127.0.0.1", second.port + 1), {})) as it:
        it.open()
        ticking = second.add_job(TICK, second="*")
        it.until(lambda news: ("succeeded", ticking) in map(_end, news))
    assert second.executions(ticking)
    assert second.ran(second.add_job(SLEEP, 0))["state"] == "succeeded"
    stopped = second.run_now(second.add_job(SLEEP, 600))
    until(lambda: second.text_of(stopped))
    assert second.ask("DELETE", f"/api/v1/executions/{stopped}").status == 200
    row = second.ended(stopped)
    assert (row["state"], row["description"]) == ("stopped", "Stopped by local.")
    running = second.run_now(second.add_job(SLEEP, 600))
    until(lambda: second.text_of(running))

    os.kill(pid(first), signal.SIGKILL)
    killed = time.time()
    first.wait()

    until_fresh(lambda: second.executions(ticking)[-1], lambda row: _at(row) > killed + 1)
    assert roles(second)[pid(second)] == ("active", True)
    lost = second.ended(running)
    assert (lost["state"], lost["cause"]) == ("lost", "crash")
    assert "has taken over the schedule" in second.log
    assert_each_instant_once(all_ended(second, ticking))
    assert "Traceback" not in second.told
    assert second.stop() == 0


@pytest.mark.parametrize("programs", [Dbms.POSTGRESQL], indirect=True)
def test_one_that_froze_records_nothing_when_it_wakes_up_and_stands_by(programs):
    first, second = programs
    ticking = first.add_job(TICK, second="*")
    running = first.run_now(first.add_job(SLEEP, 600))
    until(lambda: first.text_of(running))
    before = len(first.executions(ticking))

    os.kill(pid(first), signal.SIGSTOP)
    until_fresh(lambda: second.executions(ticking), lambda rows: len(rows) > before + 1)
    lost = second.ended(running)
    os.kill(pid(first), signal.SIGCONT)

    assert lost["state"] == "lost"
    assert "was cut off or froze, and another took over" in lost["description"]
    until_fresh(lambda: first.log, lambda log: "this server stands by" in log)
    row = second.ran(first.add_job(SLEEP, 0))
    assert row["state"] == "succeeded"
    assert first.ask("GET", "/readyz").status == 200

    # A clean stop hands over at once, and back to the one that froze.
    assert second.stop() == 0
    seen = len(first.executions(ticking))
    until_fresh(lambda: first.executions(ticking), lambda rows: len(rows) > seen + 1)
    assert first.execution(running) == lost
    assert_each_instant_once(all_ended(first, ticking))
    assert "Traceback" not in first.told + second.told


def _at(row: Any) -> float:
    return datetime.fromisoformat(row["scheduled_time"]).timestamp()


def _end(news: dict[str, Any]) -> tuple[Any, Any]:
    return news.get("state"), news.get("job_id")
