"""Which jobs a list shows, in which order, and how many there are."""

from dataclasses import replace
from datetime import timedelta

import pytest

from botsched.domain.execution import FINAL, State
from botsched.domain.job import Job, JobPolicy
from botsched.domain.outcome import Glance
from botsched.domain.paging import JobFilter, JobOrder, JobSort, JobState, Paging
from botsched.errors import InvalidError
from tests.support.values import NOW, a_job, an_execution

BAD = {"failed", "timeout", "lost", "missed", "scheduled error"}
SECOND = timedelta(seconds=1)


def add(store, *jobs: Job) -> None:
    store.write(lambda session: [session.jobs.add(job) for job in jobs])


def end(store, job: Job, state: State, at=NOW) -> Glance:
    row = an_execution(job_id=job.id, state=state, ended_at=at, updated_at=at)
    store.write(lambda session: session.executions.add([row]))
    return Glance(row.id, state, at)


def names(store, **wanted) -> list[str]:
    page = store.read(lambda s: s.jobs.find(JobFilter(**wanted), Paging()))
    count = store.read(lambda s: s.jobs.count_of(JobFilter(**wanted)))
    assert count == len(page.items)
    return [job.name for job in page.items]


@pytest.mark.parametrize("state", sorted(FINAL))
def test_jobs_are_found_by_their_last_outcome(store, state) -> None:
    job, idle = a_job(name="ended"), a_job(name="idle")
    add(store, job, idle)
    end(store, job, state)

    bad, good = [], []
    if state in BAD:
        bad = ["ended"]
    if state is State.SUCCEEDED:
        good = ["ended"]
    assert names(store, states=frozenset({JobState.FAILING})) == bad
    assert names(store, states=frozenset({JobState.SUCCEEDING})) == good
    ran = [] if state is State.SKIPPED else ["ended"]
    assert names(store, states=frozenset({JobState.NEVER_RAN})) == sorted(
        {"ended", "idle"} - {*ran}
    )


def test_jobs_are_found_by_what_goes_on(store) -> None:
    paused = a_job(name="paused", paused_at=NOW, paused_by="ann", next_due=None)
    over, running, waiting = a_job(name="over", next_due=None), a_job(name="r"), a_job(name="w")
    add(store, paused, over, running, waiting)
    for job, state in (
        (running, State.RUNNING),
        (over, State.STOPPING),
        (waiting, State.SCHEDULED),
    ):
        row = an_execution(job_id=job.id, state=state)
        store.write(lambda session, row=row: session.executions.add([row]))

    def found(*states: JobState) -> list[str]:
        return names(store, states=frozenset(states))

    assert found(JobState.PAUSED) == ["paused"]
    assert found(JobState.ACTIVE) == ["over", "r", "w"]
    assert found(JobState.OVER) == ["over"]
    assert found(JobState.RUNNING) == ["over", "r"]
    assert found(JobState.PAUSED, JobState.RUNNING) == ["over", "paused", "r"]


def test_jobs_are_found_by_all_of_their_tags_and_no_part_of_one(store) -> None:
    add(
        store,
        a_job(name="both", tags=("été", "x_1")),
        a_job(name="one", tags=("été",)),
        a_job(name="part", tags=("étés", "x%1", "xa1")),
        a_job(name="none"),
    )

    assert names(store, tags=frozenset({"été"})) == ["both", "one"]
    assert names(store, tags=frozenset({"été", "x_1"})) == ["both"]
    assert names(store, tags=frozenset({"x%1"})) == ["part"]
    assert names(store, text="étés") == ["part"]
    counts = store.read(lambda s: s.jobs.tag_counts())
    assert counts == {"x%1": 1, "x_1": 1, "xa1": 1, "été": 2, "étés": 1}


def test_jobs_are_found_by_what_may_follow_them(store) -> None:
    followed = "f" * 32
    policies = JobPolicy(then_run=(followed,)), JobPolicy(on_failure_run=("0" * 32, followed))
    add(store, *(a_job(name=f"n{n}", policy=each) for n, each in enumerate(policies)), a_job())

    assert names(store, leads_to=followed) == ["n0", "n1"]
    assert names(store, leads_to=followed[1:]) == []


@pytest.fixture
def sorted_jobs(store) -> list[Job]:
    """In the order of all but their names and last runs; the last two are never due."""
    jobs = [
        a_job(
            name=f"name {9 - number // 2}",
            job_class=f"class {number}",
            created_at=NOW + number * SECOND,
            next_due=NOW + number * SECOND,
        )
        for number in range(4)
    ]
    jobs.append(
        replace(a_job(), name="a", job_class="d", created_at=NOW + 9 * SECOND, next_due=None)
    )
    jobs.append(
        replace(jobs[0], id="p" * 32, name="b", job_class="e", created_at=NOW + 10 * SECOND,
                paused_at=NOW, paused_by="ann")
    )  # fmt: skip
    add(store, *jobs)
    for number, job in enumerate(jobs[3::-1]):
        end(store, job, State.SUCCEEDED, NOW + number * SECOND)
    return jobs


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("by", JobSort)
def test_each_order_is_total_and_paged_alike_by_cursor_and_offset(
    store, sorted_jobs, by, descending
) -> None:
    order = JobOrder(by, descending)

    def page(paging: Paging):
        return store.read(lambda s: s.jobs.find(JobFilter(), paging, order))

    whole = [job.id for job in page(Paging()).items]
    by_cursor, cursor = [], None
    while True:
        some = page(Paging(2, cursor))
        by_cursor += [job.id for job in some.items]
        if (cursor := some.next_cursor) is None:
            break
    by_offset = [job.id for n in range(3) for job in page(Paging(2, None, 2 * n)).items]

    assert whole == by_cursor == by_offset
    assert sorted(whole) == sorted(job.id for job in sorted_jobs)
    up = whole[::-1] if descending else whole
    first, last = sorted_jobs[0].id, sorted_jobs[3].id
    never = {job.id for job in sorted_jobs[4:]}
    if by in (JobSort.CREATED, JobSort.CLASS):
        assert up.index(first) < up.index(last)
    if by is JobSort.NEXT_RUN:
        assert up[:4] == [job.id for job in sorted_jobs[:4]]
        assert set(up[4:]) == never
    if by is JobSort.LAST_RUN:
        assert up[2:] == [job.id for job in sorted_jobs[3::-1]]
        assert set(up[:2]) == never


def test_a_cursor_belongs_to_its_order(store, sorted_jobs) -> None:
    def find(order: JobOrder, cursor: str | None = None):
        return store.read(lambda s: s.jobs.find(JobFilter(), Paging(2, cursor), order))

    cursor = find(JobOrder(JobSort.CREATED)).next_cursor
    for other in (JobOrder(), JobOrder(JobSort.CREATED, True), JobOrder(JobSort.NEXT_RUN)):
        with pytest.raises(InvalidError, match="cursor"):
            find(other, cursor)
