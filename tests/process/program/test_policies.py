"""Late, overlapping and waiting runs, in a program without a proxy."""

import http.client
import itertools
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.support.program import Program, locked, until
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.slow

GREET = "own.tests_of_it.Greet"
SHELL = "jobs.shell_command.ShellCommand"


def listening(port: int) -> list[str]:
    """The addresses on which this port is open, as the kernel writes them."""
    sockets = [line.split()[1:4] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    found = [local.split(":") for local, _remote, state in sockets if state == "0A"]
    return [address for address, number in found if int(number, 16) == port]


@pytest.fixture(scope="module")
def program(make_program_once) -> Program:
    flags = ("--no-proxy", "--threadpool-size", "1", "--no-job-coalesce", "--job-max-instances=1")
    program = make_program_once(*flags)
    program.direct = True
    return program.start()


def test_without_a_proxy_the_server_answers_on_loopback_only_and_without_a_login(program):
    assert f"http://127.0.0.1:{program.port + 1}/" in program.output
    assert program.ask("GET", "/api/v1/jobs").status == 200
    assert not any("proxy.child" in command for command in program.pids().values())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", program.port), timeout=PATIENCE)
    assert listening(program.port + 1) == ["0100007F"]


def test_one_slot_runs_one_at_a_time(program):
    jobs = [program.add_job(SHELL, "sleep 0.3", name=name) for name in ("one", "two", "three")]
    rows = [program.ended(run) for run in [program.run_now(job) for job in jobs]]
    times = sorted((row["started_time"], row["ended_time"]) for row in rows)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(times))


def test_an_overlapping_instant_is_skipped_and_says_why(program):
    job = program.add_job(SHELL, "sleep 2.5", second="*")
    skipped = until(lambda: [r for r in program.executions(job) if r["state"] == "skipped"])
    program.ask("DELETE", f"/api/v1/jobs/{job}")
    assert skipped[0]["cause"] == "overlap"
    assert skipped[0]["description"] == "1 earlier run has not ended; 1 at a time is allowed."
    until(lambda: all(row["ended_time"] for row in program.executions(job)))


def test_without_coalescing_every_late_instant_runs(program):
    job = program.add_job(GREET, second="*", max_instances=100)
    until(lambda: program.executions(job))
    program.send(signal.SIGKILL)
    program.wait()
    time.sleep(3.2)
    program.start()
    program.ask("POST", f"/api/v1/jobs/{job}/pause")
    rows = until(
        lambda: program.executions(job), lambda rows: all(row["ended_time"] for row in rows)
    )
    assert len(rows) >= 4
    assert {row["due_count"] for row in rows} == {1}
    assert {row["state"] for row in rows} <= {"succeeded", "lost"}
    seconds = [row["due_time"][17:19] for row in rows]
    assert [(int(a) + 1) % 60 for a in seconds[:-1]] == [int(b) for b in seconds[1:]]


def test_a_locked_database_is_waited_out_and_costs_neither_instants_nor_output(program):
    job = program.add_job(GREET, second="*", max_instances=100)
    counting = "for number in $(seq 40); do echo $number; sleep 0.1; done"
    execution = program.run_now(program.add_job(SHELL, counting))
    until(lambda: program.text_of(execution))
    count = len(program.executions(job))
    until(lambda: len(program.executions(job)) > count)
    with locked(program.database, 15):
        time.sleep(0.5)  # so that the first write that fails is one of the runs' own
        began = time.monotonic()
        late = {"name": "late", "job_class_string": GREET, "hour": "3"}
        answer = program.ask("POST", "/api/v1/jobs", late)
        assert (answer.status, time.monotonic() - began > 5) in {(503, True), (201, True)}
        assert program.ask("GET", "/api/v1/jobs").status == 200  # reading goes on

    assert program.ended(execution)["state"] == "succeeded"
    assert program.text_of(execution).split() == [str(number) for number in range(1, 41)]
    until(lambda: len(program.executions(job)) >= 16)
    program.ask("POST", f"/api/v1/jobs/{job}/pause")
    rows = until(
        lambda: program.executions(job), lambda rows: all(row["ended_time"] for row in rows)
    )
    seconds = [int(row["due_time"][17:19]) for row in rows]
    assert [(second + 1) % 60 for second in seconds[:-1]] == seconds[1:]
    assert {row["state"] for row in rows} == {"succeeded"}
    assert program.ran(job)["state"] == "succeeded"
    assert program.ask("GET", "/readyz").status == 200


def test_strangers_may_not_speak_for_the_page(program):
    """Without a login it is the Host and the origin of a request that tell friend from foe."""
    connection = http.client.HTTPConnection("127.0.0.1", program.port + 1, timeout=PATIENCE)
    headers = {"Origin": "https://evil.example", "Content-Type": "application/json"}
    connection.request("POST", "/api/v1/jobs", b"{}", headers)
    assert connection.getresponse().status == 403
    connection.close()
