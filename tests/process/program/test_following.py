"""Attempts after failures and chains of jobs, in a whole program that is killed now and then."""

import signal
from typing import Any

import pytest

from tests.support.program import Program, until

pytestmark = pytest.mark.slow

FAIL = "own.tests_of_it.Fail"
GREET = "own.tests_of_it.Greet"
SHELL = "jobs.shell_command.ShellCommand"
AT_ONCE = {"attempts": 4, "delay": 0.2, "factor": 1}


@pytest.fixture(scope="module")
def program(make_program_once) -> Program:
    program = make_program_once("--no-proxy")
    program.direct = True
    return program.start()


def crash(program: Program) -> None:
    program.send(signal.SIGKILL)
    program.wait()
    until(program.is_gone)


def attempts(program: Program, first: str) -> list[Any]:
    found = program.get(f"executions?retry_of={first}")["executions"]
    return sorted(found, key=lambda row: row["attempt"])


def test_a_job_that_fails_twice_succeeds_in_the_end(program):
    counting = "echo x >> count; test $(wc -l < count) -gt 2"
    first = program.run_now(program.add_job(SHELL, counting, retry=AT_ONCE))

    rows = until(lambda: attempts(program, first), lambda rows: rows[-1]["state"] == "succeeded")

    assert [row["state"] for row in rows] == ["failed", "failed", "succeeded"]
    assert [row["attempt"] for row in rows] == [1, 2, 3]
    assert all(row["started_time"] >= row["not_before"] for row in rows[1:])
    assert [row["caused_by"] for row in rows[1:]] == [row["execution_id"] for row in rows[:-1]]


def test_a_waiting_attempt_survives_a_kill_with_its_moment(program):
    (program.folder / "broken").touch()
    job = program.add_job(SHELL, "test ! -e broken", retry=AT_ONCE | {"attempts": 50, "delay": 3})
    first = program.run_now(job)
    until(lambda: len(attempts(program, first)) > 1)

    crash(program)
    query = "SELECT attempt, not_before FROM scheduler_execution WHERE job_id = ? ORDER BY attempt"
    before = [tuple(row) for row in program.rows(query, job)]
    (program.folder / "broken").unlink()
    program.start()

    until(lambda: attempts(program, first)[-1]["state"] == "succeeded")
    after = [tuple(row) for row in program.rows(query, job)]
    assert after[: len(before)] == before
    assert [attempt for attempt, _ in after] == list(range(1, len(after) + 1))


def test_a_run_that_a_kill_cost_is_made_again(program):
    once = "test -e begun && exit; touch begun; echo begun; sleep 600"
    follower = program.add_job(GREET)
    first = program.run_now(program.add_job(SHELL, once, retry=AT_ONCE, then_run=[follower]))
    until(lambda: program.text_of(first))

    crash(program)
    program.start()

    lost, again = until(lambda: attempts(program, first), lambda rows: rows[1:2])
    assert (lost["state"], again["attempt"]) == ("lost", 2)
    assert program.ended(again["execution_id"])["state"] == "succeeded"
    [followed] = until(lambda: program.executions(follower))
    assert followed["caused_by"] == again["execution_id"]


def test_a_chain_of_jobs_runs_to_its_end(program):
    c = program.add_job(GREET, name="c")
    b = program.add_job(GREET, name="b", then_run=[c])
    a = program.add_job(GREET, name="a", then_run=[b])

    first = program.run_now(a)

    for former, job in ((first, b), (None, c)):
        [row] = until(lambda job=job: program.executions(job))
        assert program.ended(row["execution_id"])["state"] == "succeeded"
        assert former is None or row["caused_by"] == former
    assert len(program.executions(a)) == 1


def test_after_the_last_failure_another_job_runs_once(program):
    mender = program.add_job(GREET, name="mender")
    unwanted = program.add_job(GREET, name="unwanted")
    failing = program.add_job(
        FAIL,
        retry=AT_ONCE | {"attempts": 2},
        then_run=[unwanted],
        on_failure_run=[mender],
    )

    first = program.run_now(failing)

    [row] = until(lambda: program.executions(mender))
    assert [each["state"] for each in attempts(program, first)] == ["failed", "failed"]
    assert row["caused_by"] == attempts(program, first)[1]["execution_id"]
    assert program.executions(unwanted) == []


def test_a_circle_is_refused_with_its_names(program):
    last = program.add_job(GREET, name="last")
    first = program.add_job(GREET, name="first", on_failure_run=[last])

    answer = program.ask("PUT", f"/api/v1/jobs/{last}", {"then_run": [first]})

    assert answer.status == 422
    assert "'last' -> 'first' -> 'last'" in answer.json["fields"]["then_run"]
