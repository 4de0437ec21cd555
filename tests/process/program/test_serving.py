"""What a running program does for those who use it: one program for all tests here."""

import http.client
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from botsched.web.formats.metrics import METRICS
from tests.support import spec
from tests.support.certificates import write_self_signed
from tests.support.program import USER, Program, until
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.slow

SHELL = "jobs.shell_command.ShellCommand"
OWN = "own.tests_of_it"


@pytest.fixture(scope="module")
def program(make_program_once, tmp_path_factory) -> Program:
    certificate = write_self_signed(tmp_path_factory.mktemp("certificate") / "server.pem")
    environment = {
        "BOTS_SCHEDULER_CERTIFICATE": str(certificate),
        "BOTS_SCHEDULER_TIMEZONE": "Europe/Paris",
        "BOTS_SCHEDULER_THREADPOOL_SIZE": "1000",
    }
    program = make_program_once("--threadpool-size", "3", environment=environment)
    return program.start()


# The way in


def test_plain_http_is_sent_to_https(program):
    connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=PATIENCE)
    connection.request("GET", "/api/v1/jobs")
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status in {301, 302, 307, 308}
    location = response.getheader("Location")
    assert location == f"https://127.0.0.1:{program.port}/api/v1/jobs"


def test_nobody_comes_in_without_a_login(program):
    answer = program.ask("GET", "/api/v1/jobs", anonymous=True)
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert program.ask("GET", "/api/v1/jobs").status == 200


def test_the_port_behind_the_proxy_refuses_whoever_does_not_come_through_it(program):
    answer = program.ask_server("GET", "/api/v1/jobs")
    assert answer.status == 403
    assert "https" in answer.json["error"]


def test_the_certificate_that_was_given_is_the_one_shown(program):
    given = Path(program.environment["BOTS_SCHEDULER_CERTIFICATE"])
    shown = ssl.get_server_certificate(("127.0.0.1", program.port), timeout=PATIENCE)
    assert shown.strip() in given.read_text()


def test_the_program_says_that_it_is_ready_for_work(program):
    answer = program.ask("GET", "/readyz")
    assert answer.status == 200
    assert answer.json["checks"] == {"database": "ok", "scheduler": "ok", "jobs": "ok"}


def test_each_part_of_the_program_tells_how_it_is(program):
    answer = program.ask("GET", "/api/v1/system")

    spec.check_answer("GET", "/api/v1/system", answer.status, answer.headers, answer.body)
    told = answer.json
    assert [name for name, part in told.items() if isinstance(part, dict) and "error" in part] == []
    assert told["server"]["memory"] > 10_000_000
    assert (told["proxy"]["state"], told["proxy"]["port"]) == ("running", program.port)
    certificate = told["proxy"]["certificate"]
    assert certificate["file"] == program.environment["BOTS_SCHEDULER_CERTIFICATE"]
    assert datetime.fromisoformat(certificate["expires_time"]) > datetime.now(UTC)
    assert (told["workers"]["slots"], told["workers"]["starter"]["state"]) == (3, "ready")
    assert told["database"]["size"] > 10_000
    assert {table["table"] for table in told["tables"]} >= {"scheduler_jobs", "scheduler_outbox"}
    assert told["jobs"]["folders"][0]["modules"]
    assert told["settings"]["scheduling"]["timezone"] == "Europe/Paris"
    assert told["instances"][0]["here"]


# Jobs


def test_monitoring_collects_figures_of_every_part(program):
    answer = program.ask("GET", "/metrics")

    assert answer.status == 200
    lines = answer.text.splitlines()
    assert 'bots_scheduler_part_up{part="record"} 1' in lines
    assert not [line for line in lines if line.endswith("} 0") and "part_up" in line]
    names = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert names == {metric.full_name for metric in METRICS} | {"bots_scheduler_part_up"}
    assert "bots_scheduler_active 1" in lines


def test_a_job_runs_on_time_with_its_output(program):
    job = program.add_job(SHELL, "echo it is $((40 + 2))", name="Answer", second="*/2")
    rows = until(
        lambda: [row for row in program.executions(job) if row["ended_time"]],
        lambda rows: len(rows) >= 2,
    )
    program.ask("DELETE", f"/api/v1/jobs/{job}")
    first, second = rows[:2]
    due = datetime.fromisoformat(first["scheduled_time"])
    assert due.second % 2 == 0
    assert due.microsecond == 0
    assert (datetime.fromisoformat(second["scheduled_time"]) - due).total_seconds() == 2
    late = datetime.fromisoformat(first["started_time"]) - due
    assert 0 <= late.total_seconds() < 10
    assert (first["state"], first["cause"], first["user"]) == ("succeeded", "returned", None)
    assert program.text_of(first["execution_id"]) == "it is 42\n"


def test_a_run_by_hand_and_the_audit_log_name_the_user(program):
    job = program.add_job(f"{OWN}.Greet", "you", name="By hand")
    row = program.ran(job)
    assert (row["state"], row["user"]) == ("succeeded", USER)
    assert row["result_data"] == {"greeted": "you"}
    events = program.get(f"logs?job_id={job}")["logs"]
    assert {(event["event"], event["user"]) for event in events} == {
        ("added", USER),
        ("custom_run", USER),
    }


def test_logins_are_in_the_audit_log(program):
    for _ in range(3):
        program.get("jobs")
    logins = until(lambda: program.get("logs?event=login")["logs"])
    assert logins[-1]["user"] == USER
    assert "127.0.0.1" in logins[-1]["description"]
    assert len(logins) == 1


def test_variables_are_flags_and_a_flag_wins_over_its_variable(program):
    job = program.add_job(f"{OWN}.Greet", hour="3")
    assert program.get(f"jobs/{job}")["timezone"] == "Europe/Paris"
    waiting = f"until [ -e {program.folder}/go ]; do sleep 0.1; done"
    waits = program.add_job(SHELL, waiting, max_instances=1000)
    runs = [program.run_now(waits) for _ in range(6)]
    until(lambda: len(program.get("executions?state=running")["executions"]) == 3)
    (program.folder / "go").touch()
    ended = [program.ended(run) for run in runs]
    assert _most_at_a_time(ended) == 3


def test_two_hundred_thousand_lines_are_kept_in_order(program):
    job = program.add_job(f"{OWN}.Lines", 200_000)
    row = program.ran(job)
    assert row["state"] == "succeeded"
    lines = program.text_of(row["execution_id"]).splitlines()
    assert lines == [f"line {number}" for number in range(200_000)]


def test_strange_bytes_of_an_output_do_no_harm(program):
    data = b"\x1b[31mred\x1b[0m \x00 \xff\xfe <b> end\n"
    row = program.ran(program.add_job(f"{OWN}.Bytes", data.hex()))
    answer = program.ask("GET", f"/api/v1/executions/{row['execution_id']}/output?format=text")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text == "\x1b[31mred\x1b[0m � �� <b> end\n"
    chunks = program.get(f"executions/{row['execution_id']}/output")["output"]
    assert "".join(chunk["text"] for chunk in chunks) == answer.text


def _most_at_a_time(rows) -> int:
    moments = [(row["started_time"], 1) for row in rows] + [(row["ended_time"], -1) for row in rows]
    running = most = 0
    for _moment, change in sorted(moments):
        running += change
        most = max(most, running)
    return most
