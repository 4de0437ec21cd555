"""The last outcome of a job, noted with the end of the execution."""

from datetime import timedelta

import pytest

from botsched.domain.execution import FINAL, State
from botsched.domain.outcome import Glance
from tests.support.values import NOW, a_job, an_execution

LATER = NOW + timedelta(seconds=90)


@pytest.fixture
def job(store):
    job = a_job()
    store.write(lambda s: s.jobs.add(job))
    return job


def last(store, job) -> Glance | None:
    return store.read(lambda s: s.outcomes.last([job.id])).get(job.id)


def add(store, job, **values):
    row = an_execution(job_id=job.id, **values)
    store.write(lambda s: s.executions.add([row]))
    return row


def test_a_job_that_never_ran_has_none(store, job) -> None:
    add(store, job, state=State.RUNNING)

    assert last(store, job) is None


@pytest.mark.parametrize("state", sorted(FINAL - {State.MISSED, State.SKIPPED}))
def test_the_end_of_a_run_is_one(store, job, state) -> None:
    row = add(store, job, state=State.RUNNING, started_at=NOW)

    store.write(lambda s: s.executions.move(row.id, state, LATER, ended_at=LATER))

    assert last(store, job) == Glance(row.id, state, LATER, 90.0)


def test_of_several_jobs_each_has_its_own(store, job) -> None:
    other = a_job()
    store.write(lambda s: s.jobs.add(other))
    rows = [
        an_execution(job_id=each.id, state=State.FAILED, ended_at=LATER) for each in (job, other)
    ]
    store.write(lambda s: s.executions.add(rows))

    assert last(store, job) == Glance(rows[0].id, State.FAILED, LATER)
    assert last(store, other) == Glance(rows[1].id, State.FAILED, LATER)


def test_an_instant_that_was_missed_is_one_and_one_that_was_skipped_is_not(store, job) -> None:
    missed = add(store, job, state=State.MISSED, ended_at=NOW)
    add(store, job, state=State.SKIPPED, ended_at=LATER)

    assert last(store, job) == Glance(missed.id, State.MISSED, NOW)


def test_the_last_of_several_counts(store, job) -> None:
    rows = [
        an_execution(job_id=job.id, state=state, ended_at=LATER)
        for state in (State.SUCCEEDED, State.FAILED, State.SUCCEEDED)
    ]
    store.write(lambda s: s.executions.add(rows))

    assert last(store, job).execution_id == rows[-1].id


def test_what_may_not_be_is_not_noted(store, job) -> None:
    row = add(store, job, state=State.FAILED, ended_at=NOW)

    moved = store.write(lambda s: s.executions.move(row.id, State.SUCCEEDED, LATER))

    assert not moved
    assert last(store, job) == Glance(row.id, State.FAILED, NOW)


def test_a_change_of_the_job_leaves_it_and_its_version_alone(store, job) -> None:
    row = add(store, job, state=State.FAILED, ended_at=NOW)
    kept = store.read(lambda s: s.jobs.get(job.id))

    store.write(lambda s: s.jobs.replace(a_job(id=job.id, version=kept.version + 1), "ann"))

    assert kept == job
    assert last(store, job) == Glance(row.id, State.FAILED, NOW)


def test_it_outlasts_its_execution(store, job) -> None:
    row = add(store, job, state=State.FAILED, started_at=NOW, ended_at=LATER)

    store.write(lambda s: s._connection.execute(s._schema.executions.delete()))

    assert last(store, job) == Glance(row.id, State.FAILED, LATER)


def test_the_last_runs_of_jobs_come_newest_first(store, job) -> None:
    other, idle = a_job(), a_job()
    store.write(lambda s: [s.jobs.add(each) for each in (other, idle)])
    at = [NOW + timedelta(seconds=number // 2) for number in range(6)]  # two at each instant
    mine = [add(store, job, id=f"m{number}", updated_at=at[number]) for number in range(6)]
    add(store, other, state=State.RUNNING, started_at=NOW, updated_at=LATER)

    found = store.read(lambda s: s.outcomes.runs([job.id, other.id, idle.id], 4))

    assert [each.execution_id for each in found[job.id]] == [row.id for row in mine[:1:-1]]
    assert [each.at for each in found[job.id]] == at[:1:-1]
    assert [(each.state, each.seconds) for each in found[other.id]] == [(State.RUNNING, None)]
    assert found[idle.id] == []


def test_the_last_runs_of_many_jobs_are_found(store) -> None:
    jobs = [a_job() for _ in range(120)]
    store.write(lambda s: [s.jobs.add(each) for each in jobs])
    rows = [an_execution(job_id=each.id) for each in jobs]
    store.write(lambda s: s.executions.add(rows))

    found = store.read(lambda s: s.outcomes.runs([each.id for each in jobs], 2))

    assert [found[each.id][0].execution_id for each in jobs] == [row.id for row in rows]
