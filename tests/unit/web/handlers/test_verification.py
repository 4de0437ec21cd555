"""The verification over HTTP."""

from typing import Any


def test_a_job_is_verified_by_its_id_or_name(ask: Any) -> None:
    job_id = ask.added(name="verified", second="*")

    for job in (job_id, "verified"):
        verdict = ask("GET", f"/api/v1/verify?job={job}").json
        assert (verdict["jobs"], verdict["clean"], verdict["findings"]) == (1, True, [])
        assert verdict["from"] < verdict["to"]


def test_a_period_without_end_ends_now_and_a_wrong_one_is_refused(ask: Any) -> None:
    answer = ask("GET", "/api/v1/verify?time_range_start=2020-01-01")
    assert answer.json["from"] == "2020-01-01T00:00:00+00:00"
    assert answer.json["to"] > "2026"

    for period in ("time_range_start=2900-01-01", "time_range_end=2900-01-01"):
        answer = ask("GET", f"/api/v1/verify?{period}")
        assert (answer.status, list(answer.json["fields"])) == (422, ["time_range_start"])
    assert ask("GET", "/api/v1/verify?time_range_start=0001-01-01").status == 400
    assert ask("GET", "/api/v1/verify?time_range_start=never").status == 400
    assert ask("GET", "/api/v1/verify?job=nobody").status == 404
    assert ask("GET", "/api/v1/verify?jobs=1").status == 400
