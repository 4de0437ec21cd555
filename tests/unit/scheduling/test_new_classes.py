"""Classes whose module was put into a job folder just before a job of it is asked for."""

import pytest

from botsched.catalog import load
from botsched.errors import InvalidError
from botsched.scheduling.drafts import JobChanges
from botsched.scheduling.jobs import JobService
from tests.support.values import DEFAULTS, a_job


def test_a_class_that_came_just_now_is_looked_for_once_more(
    record, runner, folder, clock, monkeypatch
) -> None:
    jobs = JobService(record.store, runner, clock, DEFAULTS, "UTC", lambda: None)
    job = a_job()
    record.add(job)
    (folder / "fresh.py").write_text((folder / "good.py").read_text())
    looks = []

    def load_anew(timeout):
        looks.append(timeout)
        return load([folder]).description()

    monkeypatch.setattr(runner, "catalogue_anew", load_anew)

    for known in ("jobs.fresh.Good", "jobs.good.Good"):
        assert jobs.change(job.id, JobChanges(job_class=known), "ann").job_class == known
    assert len(looks) == 1
    with pytest.raises(InvalidError, match="in no job folder"):
        jobs.change(job.id, JobChanges(job_class="jobs.gone.Gone"), "ann")
