"""Stopping by a signal: running jobs may end, then they have to; nothing is left."""

import os
import signal
import time

import pytest

from tests.support.program import Program, until

pytestmark = pytest.mark.slow

SLEEP = "own.tests_of_it.Sleep"
SHELL = "jobs.shell_command.ShellCommand"


def begun(program: Program, job_class: str, *arguments: object, **fields: object) -> str:
    """The id of an execution that has printed something."""
    execution = program.run_now(program.add_job(job_class, *arguments, **fields))
    until(lambda: program.text_of(execution))
    return execution


def recorded(program: Program, execution: str) -> dict[str, object]:
    """State, cause and reason in the database."""
    (row,) = program.rows("SELECT * FROM scheduler_execution WHERE id = ?", execution)
    return dict(row)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_short_job_is_waited_for(make_program, number):
    program = make_program("--stop-grace", "100").start()
    waiting = "echo begun; until [ -e go ]; do sleep 0.1; done; echo done"
    execution = begun(program, SHELL, f"cd {program.folder}; {waiting}")
    program.send(number)
    until(lambda: "waiting up to 100 s for 1 running job." in program.output)
    (program.folder / "go").touch()
    assert program.wait() == 0
    row = recorded(program, execution)
    assert (row["state"], row["output_bytes"]) == ("succeeded", len("begun\ndone\n"))
    assert program.is_gone()
    assert program.output.endswith("Stopped.\n")
    assert program.log == ""


def test_nobody_at_the_terminal_any_more_costs_no_run(make_program):
    program = make_program()
    reading, writing = os.pipe()
    program.launch(terminal=writing)
    os.close(writing)
    until(lambda: b"Ctrl-C stops it." in os.read(reading, 4096))
    os.close(reading)
    execution = begun(program, SHELL, "echo begun; sleep 1.5; echo done")
    assert program.stop() == 0
    assert recorded(program, execution)["state"] == "succeeded"
    assert program.log == ""


def test_a_long_job_is_ended_when_its_grace_is_over(make_program):
    program = make_program("--stop-grace", "1").start()
    execution = begun(program, SLEEP, 600, retry={"delay": 0})
    began = time.monotonic()
    assert program.stop() == 0
    assert time.monotonic() - began >= 1
    row = recorded(program, execution)
    assert (row["state"], row["cause"]) == ("stopped", "shut down")
    assert row["reason"] == "Stopped because the server was shut down."
    [again] = program.rows("SELECT * FROM scheduler_execution WHERE retry_of = ?", execution)
    assert (again["attempt"], again["state"]) == (2, "scheduled")  # for the next start
    assert program.is_gone()


def test_a_second_signal_hurries_and_a_third_one_kills(make_program):
    program = make_program("--stop-grace", "600").start()
    polite = begun(program, SLEEP, 600)
    stubborn = begun(program, "own.tests_of_it.Stubborn")
    program.send(signal.SIGINT)
    until(lambda: "Stopping" in program.output)
    assert recorded(program, polite)["state"] == "running"
    program.send(signal.SIGINT)
    until(lambda: recorded(program, polite)["state"] == "stopped")
    assert recorded(program, stubborn)["state"] in {"running", "stopping"}
    program.send(signal.SIGTERM)
    assert program.wait() == 0
    told = program.output.splitlines()[-4:]
    assert "2 running jobs" in told[0]
    assert "told to end" in told[1]
    assert "is killed" in told[2]
    assert recorded(program, stubborn)["state"] == "stopped"
    assert program.is_gone()


def test_a_job_that_waits_for_a_slot_runs_after_the_next_start(make_program):
    program = make_program("--threadpool-size", "1", "--stop-grace", "1").start()
    begun(program, SLEEP, 600)
    waiting = program.run_now(program.add_job("own.tests_of_it.Greet"))
    assert program.stop() == 0
    assert recorded(program, waiting)["state"] == "scheduled"
    program.start()
    assert program.ended(waiting)["state"] == "succeeded"
    assert "unexpected" not in program.log


@pytest.mark.parametrize("sign", ["the database", "the proxy", "the readiness"])
def test_a_signal_during_the_start_ends_it(make_program, sign):
    program = make_program()
    signs = {
        "the database": program.database.exists,
        "the proxy": lambda: any("proxy.child" in command for command in program.pids().values()),
        "the readiness": lambda: "is ready" in program.output,
    }
    program.launch()
    until(signs[sign])
    assert program.stop() == 0
    assert ("is ready" in program.output) == (sign == "the readiness")
    assert program.is_gone()
    assert program.log == ""


def test_a_module_that_hangs_when_it_is_imported_does_not_hold_up_the_end(make_program):
    program = make_program(jobs="import time\ntime.sleep(600)\n")
    program.launch()
    until(program.answers)
    assert program.stop() == 0
    assert program.is_gone()
