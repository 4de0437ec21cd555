"""Statistics and the axis of time over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from botsched.domain.execution import Cause, State
from tests.support.values import an_execution
from tests.support.waiting import until

HOUR = timedelta(hours=1)
START = "time_range_start"


@pytest.fixture
def now(services: Any) -> datetime:
    return services.clock().replace(microsecond=0)


@pytest.fixture
def record(services: Any) -> Any:
    """Puts executions into the database, as they would be there after a day."""

    def add(job_id: str, at: datetime, state: State, seconds: float = 2, **more: Any) -> str:
        begun = at - timedelta(seconds=seconds)
        execution = an_execution(
            **{
                "job_id": job_id, "job_name": "nightly", "state": state, "cause": Cause.RETURNED,
                "due": begun, "scheduled_at": begun, "started_at": begun, "ended_at": at,
                "updated_at": at, "reason": "",
            } | more
        )  # fmt: skip
        services.jobs._store.write(lambda session: session.executions.add([execution]))
        return execution.id

    return add


def running(ask: Any, execution_id: str) -> Any:
    """What is told once an execution runs; each time another period, which nobody else asks for."""
    since = datetime.now(UTC) - HOUR
    told = ask("GET", f"/api/v1/statistics?{START}={since:%Y-%m-%dT%H:%M:%S.%fZ}").json
    return told if execution_id in [run["execution_id"] for run in told["running"]] else None


def zulu(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def period(start: datetime, end: datetime) -> str:
    return f"{START}={zulu(start)}&time_range_end={zulu(end)}"


def test_a_day_is_told_in_numbers(ask: Any, record: Any, now: datetime) -> None:
    job_id = ask.added(name="nightly")
    day = now - 10 * 24 * HOUR
    record(job_id, day - 3 * HOUR, State.SUCCEEDED, seconds=60)
    record("mostly slower", day - 4 * HOUR, State.SUCCEEDED, seconds=61)
    record(job_id, day - 2 * HOUR, State.FAILED)
    last = record(job_id, day - 1 * HOUR, State.TIMEOUT, seconds=120)

    told = ask("GET", f"/api/v1/statistics?{period(day - 24 * HOUR, day)}").json

    assert told["complete"] is True
    assert told["bucket_seconds"] == 3600
    assert sum(bucket["runs"] for bucket in told["buckets"]) == 4
    assert sum(bucket["failures"] for bucket in told["buckets"]) == 2
    assert (told["states"]["succeeded"], told["fates"]["ran"]) == (2, 4)
    (failure,) = told["failures"]
    assert failure["execution_id"] == last
    assert (failure["failures"], failure["in_a_row"], failure["state"]) == (2, 2, "timeout")
    assert told["most_failing"] == [
        {"job_id": job_id, "name": "nightly", "exists": True, "failures": 2}
    ]
    slower, slow = told["slowest"]
    assert (slower["job_id"], slower["exists"]) == ("mostly slower", False)
    assert slower["median_seconds"] == 61
    assert (slow["runs"], slow["median_seconds"], slow["job_id"]) == (
        3, 60, job_id,
    )  # fmt: skip
    assert slow["longest_seconds"] == pytest.approx(120, abs=0.001)
    assert job_id in [job["job_id"] for job in told["next"]]
    assert told["jobs"]["total"] >= 1


def test_what_runs_now_is_told(ask: Any) -> None:
    job_id = ask.added(name="sleeper", job_class_string="web_jobs.greet.Sleep")
    execution_id = ask("POST", f"/api/v1/jobs/{job_id}/run").json["execution_id"]
    try:
        told = until(lambda: running(ask, execution_id), "the run is told")
        lanes = {lane["job_id"]: lane for lane in ask("GET", "/api/v1/timeline").json["lanes"]}
    finally:
        ask("DELETE", f"/api/v1/executions/{execution_id}")

    (run,) = [run for run in told["running"] if run["execution_id"] == execution_id]
    assert (run["name"], run["state"], told["active"]["running"]) == ("sleeper", "running", 1)
    (mark,) = lanes[job_id]["past"]
    assert (mark["to"], mark["execution_id"]) == (None, execution_id)
    ask.ended(execution_id)


def test_past_and_future_are_on_one_axis(ask: Any, record: Any, now: datetime) -> None:
    job_id = ask.added(name="half-hourly", hour="*", minute="*/30")
    gone = record("deleted-job", now - 2 * HOUR, State.FAILED)
    record(job_id, now - 1 * HOUR, State.SUCCEEDED)
    start, end = now - 3 * HOUR, now + 3 * HOUR

    told = ask("GET", f"/api/v1/timeline?from={zulu(start)}&to={zulu(end)}").json

    lanes = {lane["job_id"]: lane for lane in told["lanes"]}
    assert lanes[job_id]["name"] == "half-hourly"
    assert [mark["states"] for mark in lanes[job_id]["past"]] == [{"succeeded": 1}]
    assert [due["count"] for due in lanes[job_id]["due"]] in ([1] * 5, [1] * 6)
    assert lanes["deleted-job"]["exists"] is False
    assert [mark["execution_id"] for mark in lanes["deleted-job"]["past"]] == [gone]
    assert lanes["deleted-job"]["due"] == []


def test_a_paused_job_has_no_future_and_many_jobs_are_left_out(ask: Any, record: Any) -> None:
    paused = ask.added(minute="*")
    ask("POST", f"/api/v1/jobs/{paused}/pause")
    coming = ask.added(hour="*", minute="*")

    lanes = ask("GET", "/api/v1/timeline?jobs=200").json["lanes"]
    one = ask("GET", "/api/v1/timeline?jobs=1").json

    ids = [lane["job_id"] for lane in lanes]
    assert coming in ids
    assert paused not in ids
    assert len(one["lanes"]) == 1
    assert one["more_jobs"] == len(lanes) - 1


def test_an_axis_may_lie_in_the_future(ask: Any, now: datetime) -> None:
    job_id = ask.added(hour="*", minute="0")
    start, end = now + 5 * HOUR, now + 8 * HOUR

    lanes = ask("GET", f"/api/v1/timeline?from={zulu(start)}&to={zulu(end)}&jobs=200").json["lanes"]

    dues = next(lane["due"] for lane in lanes if lane["job_id"] == job_id)
    assert len(dues) in (2, 3)
    assert datetime.fromisoformat(dues[0]["from"]) > start


def test_a_job_is_told_in_numbers(ask: Any, record: Any, now: datetime) -> None:
    job_id = ask.added()
    for n, state in enumerate([State.FAILED, State.FAILED, *[State.SUCCEEDED] * 8]):
        record(job_id, now - (n + 1) * HOUR, state, seconds=n + 1)

    record(job_id, now, State.SKIPPED, started_at=None)

    told = ask("GET", f"/api/v1/jobs/{job_id}/statistics").json

    assert [run["seconds"] for run in told["runs"]] == list(range(1, 11))
    assert told["runs"][0]["state"] == "failed"
    assert (told["median_seconds"], told["p90_seconds"], told["longest_seconds"]) == (5.5, 9, 10)
    assert (told["success_rate"], told["failures_in_a_row"]) == (0.8, 2)
    assert (told["median_lateness"], told["longest_lateness"]) == (0, 0)
    assert len(ask("GET", f"/api/v1/jobs/{job_id}/statistics?count=3").json["runs"]) == 3


def test_a_job_without_runs_has_no_numbers_and_a_strange_one_is_not_found(ask: Any) -> None:
    told = ask("GET", f"/api/v1/jobs/{ask.added()}/statistics").json

    assert (told["runs"], told["median_seconds"], told["success_rate"]) == ([], None, None)
    assert ask("GET", "/api/v1/jobs/none/statistics").status == 404


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        (f"statistics?{START}=2020-01-01&time_range_end=2022-01-01", 422, START),
        (f"statistics?{START}=2020-01-01&time_range_end=2020-01-01", 422, START),
        (f"statistics?{START}=2999-01-01", 422, START),
        ("statistics?hours=3", 400, "hours"),
        ("timeline?from=2027-01-02&to=2027-01-01", 422, "from"),
        ("timeline?from=2026-01-01&to=2027-01-01", 422, "from"),
        ("timeline?jobs=0", 400, "jobs"),
        ("jobs/none/statistics?count=501", 400, "count"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_refused(ask: Any, path: str, status: int, field: str) -> None:
    answer = ask("GET", f"/api/v1/{path}")

    assert (answer.status, list(answer.json["fields"])) == (status, [field])
