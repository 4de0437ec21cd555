"""The program on a database server: started, stopped, killed, and cut off from it."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from botsched.settings.model import Dbms
from tests.support.databases import PASSWORD, DatabaseServer
from tests.support.program import Program, prepare, until

pytestmark = pytest.mark.slow

JOBS = """
import time

class Greet(JobBase):
    def run(self):
        print("Hello \N{SNOWMAN} \N{GRINNING FACE}")

class Sleep(JobBase):
    def run(self, seconds):
        print("started", flush=True)
        time.sleep(seconds)
"""
GREET, SLEEP = "own.tests_of_it.Greet", "own.tests_of_it.Sleep"


@pytest.fixture(scope="module", params=[Dbms.POSTGRESQL, Dbms.MYSQL])
def server(request: pytest.FixtureRequest) -> DatabaseServer:
    return request.getfixturevalue(f"{request.param}_server")


@pytest.fixture
def program(server: DatabaseServer, tmp_path: Path) -> Iterator[Program]:
    """Not started yet, on an empty database."""
    with server.empty_database() as database:
        prepare(tmp_path, jobs=JOBS)
        (tmp_path / "conf").mkdir()
        (tmp_path / "conf" / "db.ini").write_text(
            f"[{server.dbms}]\nuser = {database.user}\npassword = {PASSWORD}\n"
            f"hostname = {database.hostname}\nport = {database.port}\n"
            f"database = {database.database}\n",
            encoding="utf-8",
        )
        flags = ("--jobs", "own", "--dbms", server.dbms, "--no-proxy")
        program = Program(tmp_path, flags, direct=True)
        yield program
        program.clean_up()


def instants(rows: list[Any]) -> list[int]:
    """The seconds that the rows of a job that is due each second stand for."""
    covered = []
    for row in rows:
        first = datetime.fromisoformat(row["due_time"])
        last = datetime.fromisoformat(row["due_last"] or row["due_time"])
        assert (last - first) == timedelta(seconds=row["due_count"] - 1)
        covered += [int(first.timestamp()) + number for number in range(row["due_count"])]
    return sorted(covered)


def all_ended(program: Program, job: str) -> list[Any]:
    """The executions of a job that is paused, once none is open."""
    program.ask("POST", f"/api/v1/jobs/{job}/pause")
    return until(
        lambda: program.executions(job), lambda rows: all(row["ended_time"] for row in rows)
    )


def wait_for_two_more(program: Program, job: str) -> None:
    seen = len(program.executions(job))
    until(lambda: len(program.executions(job)) > seen + 1)


def assert_each_instant_once(rows: list[Any]) -> None:
    seconds = instants(rows)
    assert seconds == list(range(seconds[0], seconds[-1] + 1))


def answers_503(program: Program) -> bool:
    return program.ask("GET", "/api/v1/jobs").status == 503


def test_it_runs_and_goes_on_after_a_stop(program, server):
    program.start()
    job = program.add_job(GREET, second="*", name="Größe \N{GRINNING FACE}")
    row = until(
        lambda: program.executions(job), lambda rows: rows and rows[0]["state"] == "succeeded"
    )[0]
    assert program.text_of(row["execution_id"]) == "Hello \N{SNOWMAN} \N{GRINNING FACE}\n"
    assert row["job"]["name"] == "Größe \N{GRINNING FACE}"
    assert f"{server.dbms}://bots@127.0.0.1" in program.output

    assert program.stop() == 0
    time.sleep(1.5)
    program.start()
    wait_for_two_more(program, job)

    assert_each_instant_once(all_ended(program, job))
    assert PASSWORD not in program.told
    assert program.stop() == 0


def test_what_a_killed_server_left_is_found_again(program):
    program.start()
    ticking = program.add_job(GREET, second="*")
    execution = program.run_now(program.add_job(SLEEP, 600))
    until(lambda: program.text_of(execution))
    wait_for_two_more(program, ticking)

    assert program.process is not None
    os.kill(program.process.pid, signal.SIGKILL)
    program.wait()
    program.start()

    row = program.execution(execution)
    assert (row["state"], row["cause"]) == ("lost", "crash")
    wait_for_two_more(program, ticking)
    assert_each_instant_once(all_ended(program, ticking))


def wait_until_ready(program: Program) -> None:
    until(lambda: program.ask("GET", "/readyz").status == 200)


def test_nothing_is_lost_with_crashes_and_restarts_of_the_database(program, server):
    program.start()
    ticking = program.add_job(GREET, second="*")
    during = program.run_now(program.add_job(SLEEP, 2.5))
    until(lambda: program.text_of(during))
    until(lambda: len(program.executions(ticking)) > 1)

    server.crash()
    assert answers_503(program)
    assert program.ask("GET", "/readyz").status == 503
    time.sleep(3)  # the run ends meanwhile
    server.start()
    wait_until_ready(program)
    wait_for_two_more(program, ticking)
    server.stop_fast()
    server.start()
    wait_until_ready(program)

    row = until(lambda: program.execution(during), lambda row: row["ended_time"])
    assert row["state"] == "succeeded"
    wait_for_two_more(program, ticking)
    rows = all_ended(program, ticking)
    assert_each_instant_once(rows)
    assert {row["state"] for row in rows} <= {"succeeded", "skipped", "missed"}
    assert "Traceback" not in program.log
    assert program.stop() == 0


def test_a_wrong_password_is_told_in_a_line(program):
    file = program.folder / "conf" / "db.ini"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(PASSWORD, "hunter2"), encoding="utf-8")

    code, log = program.refused()

    assert code == 4
    assert "that the profile names the right user, password and database" in log
    assert "hunter2" not in log
    assert "Traceback" not in log
