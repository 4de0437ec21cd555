"""The hold and windows over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

NIGHTLY = {"name": "Backup", "crontab": "0 2 * * sun", "duration": 10800, "timezone": "Asia/Tokyo"}
FREE = {"held": False, "user": None, "since": None, "reason": None}


@pytest.fixture(autouse=True)
def nothing_held(ask: Any) -> Iterator[None]:
    yield
    ask("DELETE", "/api/v1/hold")
    ask("PUT", "/api/v1/windows", {"windows": []})


def test_all_jobs_are_held_and_released(ask: Any) -> None:
    assert ask("GET", "/api/v1/hold").json == FREE

    held = ask("PUT", "/api/v1/hold", {"reason": "<moving>"})

    assert held.status == 200
    assert ask("GET", "/api/v1/hold").json == held.json
    assert (held.json["held"], held.json["user"], held.json["reason"]) == (True, "ann", "<moving>")
    assert held.json["since"].endswith("+00:00")
    assert ask("GET", "/readyz").json["held"] is True
    assert ask("PUT", "/api/v1/hold", held.json).json == held.json
    assert ask("DELETE", "/api/v1/hold").json == FREE
    assert ask("GET", "/readyz").json["held"] is False


def test_a_hold_needs_no_reason(ask: Any) -> None:
    assert ask("PUT", "/api/v1/hold").json["reason"] == ""


def test_windows_are_replaced_as_a_whole(ask: Any) -> None:
    once = {"name": "x", "from": "2027-07-01T10:00", "to": "2027-07-01T11:00"}
    zoned = once | {"timezone": "UTC"}

    put = ask("PUT", "/api/v1/windows", {"windows": [NIGHTLY, once]})

    assert put.status == 200
    data = ask("GET", "/api/v1/windows").json
    assert data == put.json
    assert data["windows"][0] == NIGHTLY
    assert data["windows"][1] == zoned | {
        "from": "2027-07-01T10:00:00+00:00",
        "to": "2027-07-01T11:00:00+00:00",
    }
    assert ask("PUT", "/api/v1/windows", data).json == data
    assert ask("PUT", "/api/v1/windows", {"windows": []}).json == {"windows": []}
    assert ask("GET", "/api/v1/windows").json == {"windows": []}


def test_a_job_has_windows_of_its_own(ask: Any) -> None:
    job_id = ask.added(windows=[NIGHTLY])

    job = ask("GET", f"/api/v1/jobs/{job_id}").json

    assert job["windows"] == [NIGHTLY]
    assert ask("PUT", f"/api/v1/jobs/{job_id}", job).status == 200
    assert ask("GET", f"/api/v1/jobs/{job_id}").json == job
    ask("PUT", f"/api/v1/jobs/{job_id}", {"windows": None})
    assert ask("GET", f"/api/v1/jobs/{job_id}").json["windows"] is None


WRONG = [
    ("/api/v1/hold", {"reason": 3}, 400, "reason"),
    ("/api/v1/hold", {"reason": "x" * 501}, 422, "reason"),
    ("/api/v1/hold", {"why": "x"}, 400, "why"),
    ("/api/v1/windows", {}, 400, "windows"),
    ("/api/v1/windows", {"windows": None}, 400, "windows"),
    ("/api/v1/windows", {"windows": "x"}, 400, "windows"),
    ("/api/v1/windows", {"windows": [{}]}, 422, "windows"),
]


@pytest.mark.parametrize(("path", "body", "status", "field"), WRONG)
def test_what_is_wrong_is_named(ask: Any, path, body, status, field) -> None:
    answer = ask("PUT", path, body)

    assert answer.status == status
    assert list(answer.json["fields"]) == [field]
