"""Jobs become what a set of files says, all of them or none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from botsched.domain.job import JobPolicy
from botsched.domain.schedule import bounds_of
from botsched.errors import ConflictError, InvalidError
from botsched.scheduling.applying import JobSets
from botsched.scheduling.drafts import JobChanges, JobDraft
from botsched.scheduling.jobs import JobService
from botsched.scheduling.sets import Deed, Described, JobSet, Planner
from botsched.scheduling.timing import Timing
from tests.support.values import DEFAULTS, NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture
def begun() -> list:
    return []


@pytest.fixture
def sets(record, runner, clock, begun) -> JobSets:
    planner = Planner(runner, clock, DEFAULTS, "Europe/Brussels")
    return JobSets(record.store, planner, begun.extend)


@pytest.fixture
def jobs(record, runner, clock) -> JobService:
    return JobService(record.store, runner, clock, DEFAULTS, "UTC", lambda: None)


def said(job_id: str | None, paused: bool | None = None, **changes) -> Described:
    values = {"name": f"The {job_id}", "job_class": "jobs.good.Good"}
    values |= {"timing": Timing(cron={"minute": "*"}), "job_id": job_id}
    return Described(JobDraft(**values | changes), paused)


def links(*job_ids: str) -> JobPolicy:
    return JobPolicy(then_run=job_ids)


def deeds(plan) -> list[tuple[str, Deed]]:
    return [(step.job.id, step.deed) for step in plan.steps]


def a_set(*jobs: Described, name: str = "nightly", **options: bool) -> JobSet:
    return JobSet(name, jobs, **options)


def test_what_is_described_is_added_and_then_nothing_is_to_be_done(sets, record) -> None:
    wanted = a_set(said("a", policy=links("b")), said("b", arguments={"x": 1}), said("c", True))

    plan = sets.plan(wanted, "ann")
    assert deeds(plan) == [("a", Deed.ADD), ("b", Deed.ADD), ("c", Deed.ADD)]
    assert record.store.read(lambda s: s.jobs.count()) == 0
    sets.apply(wanted, "ann", plan.seen)

    job = record.job("b")
    assert (job.managed_by, job.arguments, job.next_due) == ("nightly", {"x": 1}, NOW + MINUTE)
    assert job.schedule.timezone.key == "Europe/Brussels"
    assert (record.job("c").paused_by, record.job("a").policy.then_run) == ("ann", ("b",))
    assert [event[0] for event in record.audit()] == ["added"] * 3
    assert record.audit()[0][3].endswith("managed by: nightly")
    assert deeds(sets.plan(wanted, "bob")) == [(each, Deed.KEEP) for each in "abc"]
    assert sets.apply(wanted, "bob").todo == ()
    assert len(record.audit()) == 3


def test_what_a_file_does_not_say_is_as_in_a_new_job(sets, jobs, record, changes) -> None:
    sets.apply(a_set(said("a")), "ann")
    jobs.change("a", JobChanges(notes="by hand", tags=("x",), rules={"keep_days": 3},
                                bounds={"jitter": 9}, timezone="UTC"), "bob")  # fmt: skip

    plan = sets.apply(a_set(said("a")), "ann")

    assert deeds(plan) == [("a", Deed.CHANGE)]
    job = record.job("a")
    assert (job.notes, job.tags, job.policy) == ("", (), JobPolicy())
    assert bounds_of(job.schedule).jitter == 0
    assert job.version == 3
    assert [field for field, _, _ in changes()[-1]] == ["schedule", "tags", "notes", "keep_days"]
    assert sets.plan(a_set(said("a")), "ann").todo == ()


def test_a_pause_is_a_users_affair_unless_the_file_says_it(sets, jobs, record) -> None:
    sets.apply(a_set(said("a")), "ann")
    jobs.pause("a", "bob")

    assert sets.plan(a_set(said("a")), "ann").todo == ()
    sets.apply(a_set(said("a", name="New")), "ann")
    assert (record.job("a").paused_by, record.job("a").name) == ("bob", "New")
    sets.apply(a_set(said("a", False)), "ann")
    assert record.job("a").paused is False
    sets.apply(a_set(said("a", True)), "ann")
    assert record.job("a").paused_by == "ann"


def test_what_was_due_before_a_change_has_its_fate_first(sets, record, clock, begun) -> None:
    sets.apply(a_set(said("a")), "ann")
    clock.move(minutes=1.5)

    sets.apply(a_set(said("a", timing=Timing(cron={"hour": "1"}))), "ann")

    [row] = record.rows()
    assert row.due == NOW + MINUTE
    assert [order.execution.id for order in begun] == [row.id]


def test_only_jobs_of_the_set_are_deleted_and_only_when_asked(sets, jobs, record) -> None:
    jobs.add(said("own").draft, "bob")
    sets.apply(a_set(said("x"), name="other"), "ann")
    sets.apply(a_set(said("a", policy=links("b")), said("b")), "ann")

    kept = sets.apply(a_set(said("c")), "ann")
    assert [job.id for job in kept.left] == ["a", "b"]
    gone = sets.apply(a_set(said("c"), prune=True), "ann")

    assert deeds(gone) == [("c", Deed.KEEP), ("a", Deed.DELETE), ("b", Deed.DELETE)]
    assert sorted(record.store.read(lambda s: s.jobs.all())) == ["c", "own", "x"]


def test_what_other_jobs_need_is_not_deleted(sets, jobs, record) -> None:
    sets.apply(a_set(said("a"), said("b")), "ann")
    jobs.add(said("own", policy=links("a")).draft, "bob")

    with pytest.raises(InvalidError, match="prune a: it runs after 'own'; take it out of then_run"):
        sets.apply(a_set(said("b"), prune=True), "ann")
    assert record.job("a")


def test_jobs_of_users_are_adopted_and_those_of_other_sets_only_when_asked(
    sets, jobs, record, changes
) -> None:
    jobs.add(said("a", timezone="Europe/Brussels").draft, "bob")

    assert deeds(sets.apply(a_set(said("a")), "ann")) == [("a", Deed.CHANGE)]
    assert changes()[-1] == [("managed_by", None, "nightly")]
    with pytest.raises(InvalidError, match=r"jobs\[0\].job_id: 'a' is managed by the set 'nigh"):
        sets.plan(a_set(said("a"), name="other"), "ann")
    sets.apply(a_set(said("a"), name="other", take_over=True), "ann")
    assert record.job("a").managed_by == "other"


def test_all_faults_are_told_and_nothing_is_done(sets, record) -> None:
    wanted = a_set(
        said("good"), said("a b"), said(None), said("c", job_class="jobs.good.Gone"),
        said("good", name=""), said("d", timing=Timing(cron={"minute": "99"})),
        said("e", name=" ", timing=Timing()),
        name=" x",
    )  # fmt: skip

    with pytest.raises(InvalidError) as caught:
        sets.apply(wanted, "ann")

    assert list(caught.value.fields) == [
        *("set", "jobs[1].job_id", "jobs[2].job_id", "jobs[3].job_class_string"),
        *("jobs[4].job_id", "jobs[5].minute", "jobs[6].name", "jobs[6].schedule"),
    ]
    assert record.audit() == []


@pytest.mark.parametrize(
    ("policies", "fault"),
    [
        ((links("nix"), JobPolicy()), "jobs[0].then_run: there is no job 'nix'"),
        ((links("b"), links("a")), "the jobs would run in a circle: 'The a' -> 'The b' -> 'The a'"),
        ((links("a"), JobPolicy()), "the jobs would run in a circle: 'The a' -> 'The a'"),
    ],
)
def test_links_are_looked_at_as_they_will_be(sets, policies, fault) -> None:
    with pytest.raises(InvalidError) as caught:
        sets.plan(a_set(said("a", policy=policies[0]), said("b", policy=policies[1])), "ann")

    assert fault in str(caught.value)


def test_a_circle_may_be_turned_around(sets, record) -> None:
    sets.apply(a_set(said("a", policy=links("b")), said("b")), "ann")

    sets.apply(a_set(said("a"), said("b", policy=links("a"))), "ann")

    assert (record.job("a").policy.then_run, record.job("b").policy.then_run) == (None, ("a",))


def test_the_class_of_a_job_that_stays_as_it_is_may_be_gone(sets, record) -> None:
    sets.apply(a_set(said("a")), "ann")
    gone = replace(record.job("a"), job_class="jobs.gone.Gone", updated_at=NOW, version=2)
    record.store.write(lambda s: s.jobs.replace(gone))

    assert sets.plan(a_set(said("a", job_class="jobs.gone.Gone")), "ann").todo == ()


def test_a_plan_that_is_not_true_any_more_is_refused(sets, jobs, record) -> None:
    sets.apply(a_set(said("a"), said("b")), "ann")
    wanted = a_set(said("a", name="New"), said("c"))
    seen = sets.plan(wanted, "ann").seen
    jobs.change("a", JobChanges(notes="x"), "bob")
    jobs.delete("b", "bob")

    with pytest.raises(ConflictError, match="Meanwhile somebody changed 'a', 'b'; nothing was"):
        sets.apply(wanted, "ann", seen)
    assert record.job("a").name == "The a"
    sets.apply(wanted, "ann", sets.plan(wanted, "ann").seen)


def test_a_pause_that_ends_at_that_moment_goes_on_first(sets, jobs, record, clock) -> None:
    sets.apply(a_set(said("a")), "ann")
    jobs.pause("a", "bob", NOW + MINUTE / 2)
    clock.move(minutes=1.5)

    sets.apply(a_set(said("a", name="New")), "ann")

    assert (record.job("a").paused, record.job("a").version) == (False, 4)
    assert [event[0] for event in record.audit()] == ["added", "paused", "resumed", "modified"]
