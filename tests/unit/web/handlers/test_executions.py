"""Executions over HTTP."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from botsched.domain.execution import State
from tests.support.values import an_execution

LISTED = {
    "execution_id", "state", "hostname", "pid", "task_id", "description", "result",
    "scheduled_time", "updated_time", "job", "cause", "fate", "due_time", "due_last", "due_count",
    "started_time", "ended_time", "user", "result_data", "output_bytes", "output_dropped",
    "cpu_seconds", "max_rss", "attempt", "retry_of", "caused_by", "not_before",
}  # fmt: skip
JOB = {
    "job_id", "name", "task_name", "pub_args", "year", "month", "day", "week", "day_of_week",
    "hour", "minute", "second",
}  # fmt: skip


def listed(ask: Any, query: str) -> list[Any]:
    answer = ask("GET", f"/api/v1/executions?{query}")
    assert answer.status == 200, answer.text
    executions: list[Any] = answer.json["executions"]
    return executions


def test_an_execution_is_listed_with_its_job(ask: Any) -> None:
    job_id = ask.added(name="listed run", minute="*/9")
    ran = ask.ran(job_id)

    (execution,) = listed(ask, f"job_id={job_id}")

    assert set(execution) == LISTED
    assert set(execution["job"]) == JOB
    assert execution["execution_id"] == execution["task_id"] == ran["execution_id"]
    assert (execution["state"], execution["cause"], execution["fate"]) == (
        "succeeded",
        "returned",
        "ran",
    )
    assert json.loads(execution["result"]) == execution["result_data"] == {"greeted": "you"}
    assert execution["job"]["task_name"] == "web_jobs.greet.Greet"
    assert (execution["job"]["hour"], execution["job"]["minute"]) == ("3", "*/9")
    assert execution["pid"] > 0
    assert execution["hostname"]
    assert execution["output_bytes"] == len("Hello, you!\n")
    for name in ("scheduled_time", "updated_time", "started_time", "ended_time"):
        assert datetime.fromisoformat(execution[name]).utcoffset() == timedelta()
    assert execution["due_time"] is None


def test_one_execution_tells_more(ask: Any) -> None:
    execution = ask.ran(ask.added())

    assert set(execution) == LISTED | {"report", "mails"}
    assert execution["mails"] == []


def test_the_execution_of_a_deleted_job_stays(ask: Any) -> None:
    job_id = ask.added(name="short life")
    ask.ran(job_id)
    ask("DELETE", f"/api/v1/jobs/{job_id}")

    (execution,) = listed(ask, f"job_id={job_id}")

    assert execution["job"]["name"] == "short life"
    assert execution["job"]["hour"] == ""


def test_executions_are_filtered(ask: Any) -> None:
    job_id = ask.added(name="filtered äöü")
    for _ in range(3):
        ask.ran(job_id)
    failing = ask.added(name="filtered bad", pub_args=[1, 2, 3, 4])
    ask.ran(failing)

    for query, expected in [
        ("text=FILTERED", 4),
        (f"text={quote('äöü')}", 3),
        (f"job_id={failing}", 1),
        ("text=filtered&state=failed", 1),
        ("text=filtered&state=failed,succeeded", 4),
        ("text=filtered&state=lost", 0),
        ("text=filtered&time_range_end=2020-01-01", 0),
        ("text=filtered&time_range_start=2020-01-01T00:00:00%2B01:00", 4),
    ]:
        assert len(listed(ask, query)) == expected, query


def test_executions_are_paged_newest_first(ask: Any) -> None:
    job_id = ask.added(name="many")
    ids = [ask.ran(job_id)["execution_id"] for _ in range(3)]
    found, cursor = [], ""
    while cursor is not None:
        path = f"/api/v1/executions?job_id={job_id}&limit=2&cursor={cursor}"
        answer = ask("GET", path).json
        found += [execution["execution_id"] for execution in answer["executions"]]
        cursor = answer["next_cursor"]

    assert found == ids[::-1]


def test_only_the_last_24_hours_are_listed_unless_asked(ask: Any) -> None:
    job_id = ask.added()
    ask.ran(job_id)
    start = (datetime.now(UTC) + timedelta(hours=1)).isoformat()

    assert len(listed(ask, f"job_id={job_id}")) == 1
    assert listed(ask, f"job_id={job_id}&time_range_start={quote(start)}") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("time_range_start=yesterday", "time_range_start"),
        ("time_range_start=2026-01-02&time_range_end=2026-01-01", "time_range_end"),
        ("state=broken", "state"),
        ("limit=-1", "limit"),
        ("status=failed", "status"),
    ],
)
def test_a_wrong_parameter_is_named(ask: Any, query: str, field: str) -> None:
    answer = ask("GET", f"/api/v1/executions?{query}")

    assert answer.status == 400
    assert list(answer.json["fields"]) == [field]


def test_a_running_job_is_followed_and_stopped(ask: Any) -> None:
    job_id = ask.added(job_class_string="web_jobs.greet.Sleep")
    execution_id = ask("POST", f"/api/v1/jobs/{job_id}/run").json["execution_id"]
    path = f"/api/v1/executions/{execution_id}"
    deadline = time.monotonic() + 20
    while not (seen := ask("GET", f"{path}/output").json)["output"]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert ask("GET", path).json["state"] == "running"
    (chunk,) = seen["output"]
    assert set(chunk) == {"sequence", "stream", "time", "text"}
    assert (chunk["stream"], chunk["text"], chunk["sequence"]) == ("out", "zzz\n", seen["next"])
    again = ask("GET", f"{path}/output?after={seen['next']}").json
    assert again == {"output": [], "next": seen["next"]}

    assert ask("DELETE", path).json == {"execution_id": execution_id}

    ended = ask.ended(execution_id)
    assert (ended["state"], ended["cause"]) == ("stopped", "stopped")
    events = ask("GET", f"/api/v1/logs?job_id={job_id}&event=stopped").json["logs"]
    assert [event["user"] for event in events] == ["ann"]


def test_what_has_ended_cannot_be_stopped(ask: Any) -> None:
    execution = ask.ran(ask.added())

    answer = ask("DELETE", f"/api/v1/executions/{execution['execution_id']}")

    assert answer.status == 409
    assert "has ended (succeeded)" in answer.json["error"]


@pytest.mark.parametrize(
    ("query", "field"), [("after=x", "after"), ("format=html", "format"), ("limit=0", "limit")]
)
def test_a_wrong_parameter_of_the_output_is_named(ask: Any, query: str, field: str) -> None:
    answer = ask("GET", f"/api/v1/executions/x/output?{query}")

    assert answer.status == 400
    assert list(answer.json["fields"]) == [field]


@pytest.mark.parametrize("path", ["/api/v1/jobs", "/api/v1/logs"])
def test_a_cursor_of_another_list_is_refused(ask: Any, path: str) -> None:
    ask.ran(ask.added())
    ask.ran(ask.added())
    cursor = ask("GET", "/api/v1/executions?limit=1").json["next_cursor"]

    answer = ask("GET", f"{path}?limit=1&cursor={cursor}")

    assert answer.status == 422
    assert "was not given by this list" in answer.json["fields"]["cursor"]


def test_attempts_and_what_follows_are_found(ask: Any) -> None:
    follower = ask.added(name="after it")
    failing = ask.added(
        name="thrice",
        pub_args=[1, 2, 3, 4],
        retry={"attempts": 3, "delay": 0},
        on_failure_run=[follower],
    )
    first = ask.ran(failing)

    def attempts() -> list[Any]:
        return listed(ask, f"retry_of={first['execution_id']}")

    deadline = time.monotonic() + 20
    while [run["state"] for run in attempts()] != ["failed"] * 3:
        assert time.monotonic() < deadline, attempts()
        time.sleep(0.02)
    third, second, _ = attempts()
    assert [run["attempt"] for run in attempts()] == [3, 2, 1]
    assert second["retry_of"] == third["retry_of"] == first["execution_id"]
    assert (first["retry_of"], first["caused_by"], first["not_before"]) == (None, None, None)
    assert third["caused_by"] == second["execution_id"]
    assert second["not_before"] == second["scheduled_time"]
    [followed] = listed(ask, f"caused_by={third['execution_id']}")
    assert followed["job"]["job_id"] == follower
    assert listed(ask, f"caused_by={first['execution_id']}") == [second]

    page = ask("GET", f"/executions/{third['execution_id']}").text
    assert f'<a href="/executions/{first["execution_id"]}">1: failed</a>' in page
    assert "3: failed (this one)" in page
    assert f'<a href="/executions/{followed["execution_id"]}">after it: ' in page
    first_link = page.index(f'"/executions/{first["execution_id"]}">1:')
    assert first_link < page.index(f'"/executions/{second["execution_id"]}">2:')
    page = ask("GET", f"/executions/{second['execution_id']}").text
    assert "2: failed (this one)" in page
    assert "After it" not in page
    page = ask("GET", f"/executions/{followed['execution_id']}").text
    assert "Attempts:" not in page
    assert f'It follows <a href="/executions/{third["execution_id"]}">thrice: failed</a>' in page


def test_attempts_are_found_however_old_they_are(ask: Any, services: Any) -> None:
    old = datetime.now(UTC) - timedelta(days=30)
    first = an_execution(state=State.FAILED, updated_at=old)
    services.executions._store.write(lambda session: session.executions.add([first]))

    assert [run["execution_id"] for run in listed(ask, f"retry_of={first.id}")] == [first.id]
    assert listed(ask, f"retry_of={first.id}&time_range_start=2027-01-01") == []


def test_a_waiting_attempt_can_be_stopped(ask: Any) -> None:
    job_id = ask.added(pub_args=[1, 2, 3, 4], retry={"delay": 3000})
    first = ask.ran(job_id)
    [waiting] = listed(ask, f"caused_by={first['execution_id']}")
    assert (waiting["state"], waiting["cause"], waiting["fate"]) == (
        *("scheduled", "retry", "pending"),
    )

    assert ask("DELETE", f"/api/v1/executions/{waiting['execution_id']}").status == 200

    stopped = ask("GET", f"/api/v1/executions/{waiting['execution_id']}").json
    assert (stopped["state"], stopped["cause"]) == ("stopped", "stopped")
    assert len(listed(ask, f"retry_of={first['execution_id']}")) == 2
