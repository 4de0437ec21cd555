"""Parts of the program, or all of it, killed without warning."""

import os
import signal
import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.program import Program, until
from tests.support.smtpserver import SmtpServer

pytestmark = pytest.mark.slow

SLEEP = "own.tests_of_it.Sleep"
GREET = "own.tests_of_it.Greet"
SHELL = "jobs.shell_command.ShellCommand"


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def crash(program: Program) -> None:
    """End the server without a word; everything that belongs to it follows by itself."""
    assert program.process is not None
    kill(program.process.pid)
    program.wait()
    until(program.is_gone)


def begun(program: Program, job: str) -> str:
    """The id of an execution that has printed something."""
    execution = program.run_now(job)
    until(lambda: program.text_of(execution))
    return execution


def instants(rows: list[Any]) -> list[int]:
    """The seconds that the rows of a job that is due each second stand for, in order."""
    covered = []
    for row in rows:
        first = datetime.fromisoformat(row["due_time"])
        last = datetime.fromisoformat(row["due_last"] or row["due_time"])
        assert (last - first) == timedelta(seconds=row["due_count"] - 1)
        covered += [int(first.timestamp()) + number for number in range(row["due_count"])]
    return covered


def is_covered_once(seconds: list[int]) -> bool:
    return sorted(seconds) == list(range(min(seconds), max(seconds) + 1))


def test_what_a_killed_server_left_is_ended_recorded_and_mailed(make_program):
    program = make_program("--smtp-config", "smtp.ini", "--smtp-profile", "ops")
    with SmtpServer() as mails:
        (program.folder / "smtp.ini").write_text(
            f"[ops]\nhostname = localhost\nport = {mails.port}\nsecurity = unencrypted\n"
            "from = bots@example.org\nto = ops@example.org\n"
        )
        program.start()
        execution = begun(program, program.add_job(SLEEP, 600, name="Long"))
        ticking = program.add_job(GREET, name="Ticking", second="*")
        until(lambda: len(program.executions(ticking)) >= 2)
        assert sum("sleep 600" in command for command in program.pids().values()) == 2

        crash(program)
        time.sleep(2.5)
        program.start()

        row = program.execution(execution)
        assert (row["state"], row["cause"]) == ("lost", "crash")
        assert row["description"] == "The server ended unexpectedly while it ran."
        assert program.text_of(execution) == "started\n"
        assert "lost: the server that ran" in program.log
        subjects = until(
            lambda: [mail.message["Subject"] for mail in mails.messages],
            lambda found: any("Long" in subject for subject in found),
        )
        assert any("Long" in subject and "lost" in subject for subject in subjects)

    program.ask("DELETE", f"/api/v1/jobs/{ticking}")
    rows = program.executions(ticking)
    assert is_covered_once(instants(rows))
    folded = [row for row in rows if row["cause"] == "coalesced"]
    assert sum(row["due_count"] for row in folded) >= 2
    until(lambda: all(row["ended_time"] for row in program.executions(ticking)))
    active = "SELECT id FROM scheduler_execution WHERE state IN ('running', 'stopping')"
    assert program.rows(active) == []


def test_every_instant_is_recorded_once_through_many_crashes(make_program):
    program = make_program("--job-misfire", "1")
    program.start()
    job = program.add_job(GREET, second="*")
    for pause in (0.0, 0.4, 2.5):
        count = len(program.executions(job))
        until(lambda seen=count: len(program.executions(job)) > seen)
        crash(program)
        time.sleep(pause)
        program.start()
    until(lambda: [row for row in program.executions(job) if row["state"] == "missed"])
    until(lambda: sum(row["state"] == "succeeded" for row in program.executions(job)) >= 3)
    program.ask("POST", f"/api/v1/jobs/{job}/pause")
    rows = until(
        lambda: program.executions(job), lambda rows: all(row["ended_time"] for row in rows)
    )
    assert is_covered_once(instants(rows))
    assert {row["state"] for row in rows} <= {"succeeded", "lost", "skipped", "missed"}
    ran = [row["scheduled_time"] for row in rows if row["state"] == "succeeded"]
    assert len(ran) == len(set(ran))


def test_a_hold_outlasts_a_crash_and_leaves_one_row(make_program):
    program = make_program("--threadpool-size", "1").start()
    job = program.add_job(GREET, second="*")
    until(lambda: program.executions(job))
    program.ask("PUT", "/api/v1/hold", {"reason": "moving house"})
    before = until(  # what waits for the slot is held, too
        lambda: program.executions(job),
        lambda rows: all(row["ended_time"] or row["state"] == "scheduled" for row in rows),
    )
    crash(program)
    time.sleep(1.5)
    program.start()
    assert program.get("hold")["reason"] == "moving house"
    asked = program.run_now(job)
    assert program.ended(asked)["state"] == "succeeded"
    assert len(program.executions(job)) == len(before) + 1

    program.ask("DELETE", "/api/v1/hold")
    until(lambda: len(program.executions(job)) >= len(before) + 3)
    program.ask("POST", f"/api/v1/jobs/{job}/pause")

    rows = [row for row in program.executions(job) if row["due_time"]]
    assert is_covered_once(instants(rows))
    (held,) = [row for row in rows if row["cause"] == "hold"]
    assert held["due_count"] >= 2
    assert held["description"].endswith(": moving house.")


@pytest.fixture(scope="module")
def program(make_program_once) -> Program:
    """One program that outlives the loss of its parts."""
    return make_program_once().start()


def test_a_killed_proxy_is_replaced_and_jobs_do_not_notice(program):
    execution = program.run_now(program.add_job(SHELL, "echo begun; sleep 4; echo done"))
    until(lambda: program.text_of(execution))
    former = program.pid_of("botsched.proxy.child")
    kill(former)
    until(program.answers)
    assert program.pid_of("botsched.proxy.child") != former
    assert program.ended(execution)["state"] == "succeeded"
    assert program.text_of(execution) == "begun\ndone\n"


def test_a_killed_fork_server_costs_its_runs_only(program):
    long = program.add_job(SLEEP, 600)
    execution = begun(program, long)
    kill(program.pid_of("botsched.execution.forkserver"))
    row = program.ended(execution)
    assert (row["state"], row["cause"]) == ("lost", "crash")
    assert "process that starts jobs" in row["description"]
    until(lambda: not any("sleep 600" in command for command in program.pids().values()))
    assert program.ran(program.add_job(GREET))["state"] == "succeeded"


def test_a_killed_job_has_failed(program):
    row = program.ran(program.add_job(SHELL, "kill -9 $PPID"))
    assert (row["state"], row["cause"]) == ("failed", "killed")
    assert "signal 9" in row["description"]
