"""Looking ahead over HTTP."""

from typing import Any

import pytest

PREVIEW = "/api/v1/schedules/preview"
SKIPPED = {
    "local": "2027-03-28T03:00:00+02:00",
    "utc": "2027-03-28T01:00:00+00:00",
    "remark": "The clock skips 02:30:00; due once, at the jump.",
}


def test_a_schedule_is_said_and_looked_ahead(ask: Any) -> None:
    said = {"schedules": [{"crontab": "30 2 * * *"}, {"hour": 12}], "timezone": "Europe/Brussels"}

    answer = ask("POST", PREVIEW, said | {"from": "2027-03-27T12:00Z", "count": 2})

    assert answer.status == 200
    assert answer.json == {
        "schedule": "every day at 02:30; every day at 12:00 (Europe/Brussels)",
        "next": [
            SKIPPED,
            {
                "local": "2027-03-28T12:00:00+02:00",
                "utc": "2027-03-28T10:00:00+00:00",
                "remark": "",
            },
        ],
    }


def test_a_job_is_looked_ahead_with_the_delays_that_it_has(ask: Any) -> None:
    job_id = ask.added(jitter=3600)
    first = ask("GET", f"/api/v1/jobs/{job_id}").json["next_run_time"]
    ask("POST", f"/api/v1/jobs/{job_id}/pause")

    shown = ask("GET", f"/api/v1/jobs/{job_id}/preview?count=3").json

    assert shown["next"][0]["utc"] == first
    assert len(shown["next"]) == 3
    assert shown == ask("GET", f"/api/v1/jobs/{job_id}/preview?count=3").json
    assert shown["schedule"] == "every day at 03:00 (UTC), each up to 3600 s later"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "schedule"),
        ({"crontab": "61 * * * *"}, 422, "crontab"),
        ({"crontab": "@daily", "count": 1001}, 422, "count"),
        ({"crontab": "@daily", "from": "9999-12-31T23:59-12:00"}, 422, "from"),
        ({"at": "0001-01-01T00:00+12:00"}, 422, "at"),
        ({"crontab": "@daily", "name": "x"}, 400, "name"),
        ({"crontab": "0 0 30 2 *"}, 422, "crontab"),
    ],
)
def test_what_is_wrong_is_named(ask: Any, body: dict[str, Any], status: int, field: str) -> None:
    answer = ask("POST", PREVIEW, body)

    assert answer.status == status
    assert list(answer.json["fields"]) == [field]


def test_an_unknown_job_is_not_found(ask: Any) -> None:
    assert ask("GET", f"/api/v1/jobs/{'0' * 32}/preview").status == 404
    job = ask.added()
    for wrong in ("count=0", "from=0001-01-01", "from=9999-12-31"):
        assert ask("GET", f"/api/v1/jobs/{job}/preview?{wrong}").status == 400
    assert ask("GET", f"/api/v1/jobs/{job}/preview?from=2999-12-31T23:59:59-12:00").status == 200
