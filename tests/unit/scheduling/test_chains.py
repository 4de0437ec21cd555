"""Chains of jobs: what they may not be, checked when they are changed."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from botsched.domain.job import Job, JobPolicy
from botsched.errors import ConflictError, InvalidError
from botsched.scheduling.drafts import JobChanges, JobDraft
from botsched.scheduling.jobs import JobService
from botsched.scheduling.timing import Timing
from tests.support.values import DEFAULTS


@pytest.fixture
def jobs(record, runner, clock) -> JobService:
    return JobService(record.store, runner, clock, DEFAULTS, "UTC", lambda: None)


@pytest.fixture
def add(jobs):
    def add(name: str) -> Job:
        draft = JobDraft(name, "jobs.good.Good", Timing(cron={"minute": "*"}))
        return jobs.add(draft, "ann")

    return add


@pytest.fixture
def link(jobs):
    """Have a job followed by others, by a key of its rules."""

    def link(job: Job, *others: Job | str, key: str = "then_run") -> Job:
        ids = tuple(each if isinstance(each, str) else each.id for each in others) or None
        return jobs.change(job.id, JobChanges(rules={key: ids}), "ann")

    return link


def test_a_chain_is_kept_and_told_in_the_audit_log(add, link, record) -> None:
    a, b, c = (add(name) for name in "abc")

    link(a, b, c)
    link(b, c, key="on_failure_run")

    assert record.job(a.id).policy.then_run == (b.id, c.id)
    assert record.job(b.id).policy.on_failure_run == (c.id,)
    assert record.audit()[-2][3] == f"then_run: default -> {b.id}, {c.id}"


def test_a_chain_that_comes_back_is_refused_with_all_of_its_way(add, link, record) -> None:
    a, b, c = (add(name) for name in "abc")
    link(a, b)
    link(b, c, key="on_failure_run")

    with pytest.raises(InvalidError) as refused:
        link(c, a)

    assert refused.value.fields == {
        "then_run": "the jobs would run in a circle: 'c' -> 'a' -> 'b' -> 'c'"
    }
    assert record.job(c.id).policy.then_run is None
    with pytest.raises(InvalidError, match=r"on_failure_run: .* 'a' -> 'a'"):
        link(a, a, key="on_failure_run")


def test_of_two_keys_the_one_that_closes_the_circle_is_named(add, link, jobs) -> None:
    a, b, c = (add(name) for name in "abc")
    link(a, b)

    rules = {"then_run": (c.id,), "on_failure_run": (a.id,)}

    with pytest.raises(InvalidError) as refused:
        jobs.change(b.id, JobChanges(rules=rules), "ann")

    assert list(refused.value.fields) == ["on_failure_run"]


def test_unknown_jobs_are_refused_by_id(add, link, jobs, record) -> None:
    a = add("a")

    with pytest.raises(InvalidError, match=r"^on_failure_run: there is no job 'x', 'y'$"):
        link(a, "x", a, "y", key="on_failure_run")
    draft = JobDraft(
        "b", "jobs.good.Good", Timing(cron={"minute": "*"}), policy=JobPolicy(then_run=("x",))
    )
    with pytest.raises(InvalidError, match=r"^then_run: there is no job 'x'$"):
        jobs.add(draft, "ann")

    assert [event for event, *_ in record.audit()] == ["added"]


def test_a_job_that_others_are_followed_by_cannot_be_deleted(add, link, jobs, record) -> None:
    a, b, c = (add(name) for name in "abc")
    link(a, c)
    link(b, c, key="on_failure_run")

    with pytest.raises(ConflictError) as refused:
        jobs.delete(c.id, "ann")

    assert str(refused.value) == (
        "Job 'c' runs after 'a', 'b'. Take it out of their then_run and on_failure_run first."
    )
    link(a)
    link(b, key="on_failure_run")
    jobs.delete(c.id, "ann")
    jobs.delete(a.id, "ann")
    assert record.store.read(lambda s: s.jobs.count()) == 1


def test_other_changes_are_not_refused_for_a_job_that_is_gone(add, link, jobs, record) -> None:
    """As after a restore, or an edit of the database by hand."""
    a, b = add("a"), add("b")
    link(a, b)
    record.store.write(lambda s: s.jobs.delete(b.id, b.created_at, "ann"))

    assert jobs.change(a.id, JobChanges(name="A"), "ann").name == "A"
    link(a)
    assert record.job(a.id).policy.then_run is None


def test_of_two_changes_that_close_a_circle_together_one_is_refused(add, link, record) -> None:
    def linked(pair: tuple[Job, Job]) -> bool:
        try:
            return bool(link(*pair))
        except InvalidError:
            return False

    for _ in range(10):
        a, b = add("a"), add("b")

        with ThreadPoolExecutor(2) as pool:
            accepted = list(pool.map(linked, [(a, b), (b, a)]))

        assert sorted(accepted) == [False, True]
        assert [record.job(each.id).policy.then_run for each in (a, b)].count(None) == 1
