"""JobHandler does with jobs of all classes what the page does."""

import pytest

from botsched.client import Client, NotFoundError
from GroundControl.JobHandler import JobHandler
from tests.unit.client.conftest import GREET

SLEEP = "web_jobs.greet.Sleep"


def test_a_job_is_listed_paused_resumed_and_removed(client: Client, url: str, capsys) -> None:
    job = client.add_job("handled", GREET, hour=3)
    handler = JobHandler(url)
    assert job in handler.list_jobs()
    assert handler.list_jobs("handled") == [job]

    assert handler.pause_job(job.job_id) == job.job_id
    assert client.job(job).paused
    handler.resume_job(job.job_id)
    assert not client.job(job).paused
    handler.remove_job(job.job_id)
    with pytest.raises(NotFoundError):
        handler.remove_job(job.job_id)
    assert capsys.readouterr().out.splitlines() == [
        f"{done} job {job.job_id}." for done in ("Paused", "Resumed", "Removed")
    ]


def test_a_job_is_run_followed_and_told(client: Client) -> None:
    job = client.add_job("greeting", GREET, ["Ann"], hour=3)
    handler = JobHandler(client=client)
    assert handler.run_job(job.job_id, wait=True, timeout=60).succeeded
    assert "".join(handler.follow_job(job.job_id)) == "Hello, Ann!\n"
    assert [each.state for each in handler.list_executions(job.job_id)] == ["succeeded"]


def test_all_runs_of_a_job_are_stopped(client: Client, capsys) -> None:
    job = client.add_job("sleeping", SLEEP, hour=3)
    handler = JobHandler(client=client)
    runs = [handler.run_job(job.job_id) for _ in range(2)]
    stopped = handler.stop_job(job.job_id)
    assert {each.execution_id for each in stopped} == {each.execution_id for each in runs}
    assert {client.wait(run, timeout=60).state for run in runs} == {"stopped"}
    assert handler.stop_job(job.job_id) == []
    assert f"Stopped 2 run(s) of job {job.job_id}." in capsys.readouterr().out


def test_a_job_that_never_ran_has_no_output(client: Client) -> None:
    job = client.add_job("idle", GREET, hour=3)
    assert list(JobHandler(client=client).follow_job(job.job_id)) == []
