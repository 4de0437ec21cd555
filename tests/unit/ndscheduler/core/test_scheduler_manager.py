"""What programs for ndscheduler do with jobs."""

from datetime import UTC, datetime
from typing import Any

import pytest

from botsched.errors import NotFoundError
from ndscheduler import utils
from ndscheduler.core.scheduler_manager import SchedulerManager

CRON = dict.fromkeys(("year", "month", "day", "week", "day_of_week", "hour", "second"), "*")
JOB = {
    "job_id": "j1", "name": "One", "job_class_string": "jobs.a.One", "pub_args": ["x", 2],
    "next_run_time": "2027-01-01T03:00:00+00:00", "schedule": "in words", **CRON, "minute": "*/5",
}  # fmt: skip


class Jobs:
    """Keeps what it is told."""

    def __init__(self, *jobs: dict[str, Any]) -> None:
        self.jobs = jobs
        self.told: list[Any] = []

    def all(self) -> list[dict[str, Any]]:
        return list(self.jobs)

    def get(self, job_id: str) -> dict[str, Any]:
        for job in self.jobs:
            if job["job_id"] == job_id:
                return job
        raise NotFoundError("job", job_id)

    def add(self, **fields: Any) -> str:
        self.told.append(fields)
        return "new"

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: self.told.append((name, *args, kwargs))


def manager(jobs: Jobs) -> SchedulerManager:
    return SchedulerManager(lambda: jobs)  # type: ignore[arg-type, return-value]


def test_jobs_look_as_those_of_apscheduler() -> None:
    by_name = JOB | {"job_id": "j2", "pub_args": {"n": 1}, "next_run_time": "", "minute": None}
    one, two = manager(Jobs(JOB, by_name)).get_jobs()

    assert (one.id, one.name, one.args) == ("j1", "One", ["jobs.a.One", "j1", "x", 2])
    assert one.next_run_time == datetime(2027, 1, 1, 3, tzinfo=UTC)
    assert str(one.trigger) == "in words"
    assert utils.get_job_name(one) == "jobs.a.One"
    assert utils.get_job_args(one) == ["x", 2]
    assert utils.get_cron_strings(one)["minute"] == "*/5"
    assert set(utils.get_cron_strings(one)) == {
        "month", "day", "week", "day_of_week", "hour", "minute",
    }  # fmt: skip
    assert (two.kwargs, two.next_run_time) == ({"n": 1}, None)


def test_a_job_that_is_not_there_is_none() -> None:
    assert manager(Jobs(JOB)).get_job("j9") is None
    found = manager(Jobs(JOB)).get_job("j1")
    assert found is not None
    assert manager(Jobs()).get_job_task_class(found) == "jobs.a.One"


def test_jobs_are_added_as_documented_there() -> None:
    jobs = Jobs()
    manager(jobs).add_job("jobs.a.One", "One", ["x"], minute="*/1")
    manager(jobs).add_job(job_class_string="jobs.a.One", name="One", hour="3", word="w")

    fields = {"name": "One", "job_class_string": "jobs.a.One"}
    rest = dict.fromkeys(("month", "day_of_week", "day"))
    assert jobs.told == [
        {**fields, "pub_args": ["x"], **rest, "hour": None, "minute": "*/1"},
        {**fields, "pub_args": {"word": "w"}, **rest, "hour": "3", "minute": None},
    ]
    with pytest.raises(TypeError, match="put word into pub_args"):
        manager(jobs).add_job("jobs.a.One", "One", ["x"], hour="3", word="w")


def test_all_else_is_passed_on() -> None:
    jobs = Jobs()
    scheduler = manager(jobs)
    scheduler.modify_job("j1", name="Two", minute="5")
    scheduler.pause_job("j1")
    scheduler.resume_job("j1")
    scheduler.remove_job("j1")

    assert jobs.told == [
        ("change", "j1", {"name": "Two", "minute": "5"}),
        ("pause", "j1", {}),
        ("resume", "j1", {}),
        ("delete", "j1", {}),
    ]
