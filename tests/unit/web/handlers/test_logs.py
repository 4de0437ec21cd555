"""The audit log over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest


def test_what_was_done_is_listed_newest_first(ask: Any) -> None:
    job_id = ask.added(name="logged")
    for method in ("PATCH", "OPTIONS", "DELETE"):
        ask(method, f"/api/v1/jobs/{job_id}")

    logs = ask("GET", f"/api/v1/logs?job_id={job_id}").json["logs"]

    assert [log["event"] for log in logs] == ["deleted", "resumed", "paused", "added"]
    keys = {"job_id", "job_name", "event", "user", "created_time", "description", "changes"}
    assert set(logs[0]) == keys
    assert logs[0]["job_name"] == "logged"
    assert [log["changes"] for log in logs] == [
        None,
        [{"field": "paused", "before": True, "after": False}],
        [{"field": "paused", "before": False, "after": True}],
        None,
    ]


def test_logs_are_filtered_and_paged(ask: Any) -> None:
    job_id = ask.added()
    ask("PATCH", f"/api/v1/jobs/{job_id}")
    path = f"/api/v1/logs?job_id={job_id}"

    assert len(ask("GET", f"{path}&event=paused").json["logs"]) == 1
    assert len(ask("GET", f"{path}&user=ann").json["logs"]) == 2
    assert ask("GET", f"{path}&user=bob").json["logs"] == []
    assert len(ask("GET", f"{path}&text=SCHEDULE:").json["logs"]) == 1
    assert ask("GET", f"{path}&text=nothing+of+this").json["logs"] == []
    first = ask("GET", f"{path}&limit=1").json
    second = ask("GET", f"{path}&limit=1&cursor={first['next_cursor']}").json
    assert [log["event"] for log in first["logs"] + second["logs"]] == ["paused", "added"]
    assert second["next_cursor"] is None


def test_a_login_is_recorded_once(ask: Any, as_user: Callable[[str], Any]) -> None:
    newcomer = as_user("nina")
    for _ in range(3):
        newcomer("GET", "/healthz")
    ask.added()  # writes are done in order, so the login is recorded when this is

    logs = ask("GET", "/api/v1/logs?event=login&user=nina").json["logs"]

    assert [log["description"] for log in logs] == ["from 192.0.2.7"]


@pytest.mark.parametrize("query", ["event=exploded", "time_range_start=x", "txt=x"])
def test_a_wrong_parameter_is_refused(ask: Any, query: str) -> None:
    assert ask("GET", f"/api/v1/logs?{query}").status == 400
