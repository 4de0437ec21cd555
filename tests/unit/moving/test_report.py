from dataclasses import replace

import pytest

from botsched.domain.job import Job
from botsched.moving.report import Item, Remark, Report, Standing
from tests.support.values import a_job, cron

JOB = a_job(id="j1")


def report(*items: Item) -> Report:
    return Report(items)


def test_what_is_there_already_is_not_new() -> None:
    other = a_job(id="j2")
    found = report(Item("a:1", "x", JOB), Item("a:2", "y", other)).beside({"j1": JOB})

    assert [item.standing for item in found.items] == [Standing.PRESENT, Standing.NEW]
    assert found.new_jobs == [other]


@pytest.mark.parametrize(
    ("there", "standing"),
    [
        (replace(JOB, name="renamed", notes="mine", tags=("x",), version=7), Standing.PRESENT),
        (replace(JOB, paused_at=JOB.created_at, paused_by="ann"), Standing.PRESENT),
        (replace(JOB, arguments=["false"]), Standing.CHANGED),
        (replace(JOB, job_class="jobs.other.Other"), Standing.CHANGED),
        (replace(JOB, schedule=cron(minute="5")), Standing.CHANGED),
        (replace(JOB, policy=replace(JOB.policy, keep_days=3)), Standing.CHANGED),
    ],
)
def test_what_it_runs_and_when_tells_whether_it_is_the_same(there: Job, standing: Standing) -> None:
    [item] = report(Item("a:1", "x", JOB)).beside({"j1": there}).items

    assert item.standing is standing
    assert item.job == JOB


def test_what_is_refused_stays_refused() -> None:
    refused = Item.refused("a:1", "x", "It names no time.", "Give one.")

    assert refused.refusal == Remark("It names no time.", "Give one.")
    assert report(refused).beside({"j1": JOB}).those(Standing.REFUSED) == [refused]
    assert report(refused).new_jobs == []
