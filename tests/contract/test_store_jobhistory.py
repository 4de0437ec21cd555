"""Versions of jobs, written with every change of one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from botsched.domain.execution import State
from botsched.domain.jobversion import Change, JobVersion
from botsched.domain.keeping import Keep
from tests.support.values import NOW, a_job, an_execution, cron

MINUTE, TICK = timedelta(minutes=1), timedelta(microseconds=1)


def versions(store, job_id: str) -> list[JobVersion]:
    return store.read(lambda s: s.job_history.of(job_id))


def test_every_change_of_a_job_is_a_version(store) -> None:
    job = a_job(name="first", created_at=NOW - MINUTE, next_due=NOW)
    changed = replace(
        job, name="second", schedule=cron(hour="1"), updated_at=NOW + MINUTE / 2, version=2,
        next_due=cron(hour="1").next_after(NOW),
    )  # fmt: skip
    paused = replace(changed, paused_at=NOW + MINUTE, updated_at=NOW + MINUTE, version=3)
    resumed = replace(paused, paused_at=None, updated_at=NOW + 2 * MINUTE, version=4)
    store.write(lambda s: s.jobs.add(job, "ann"))
    store.write(lambda s: s.jobs.replace(changed, "bob"))
    store.write(lambda s: s.jobs.replace(paused, "eve"))
    store.write(lambda s: s.jobs.replace(resumed))
    store.write(lambda s: s.jobs.delete(job.id, NOW + 3 * MINUTE, "ann"))

    found = versions(store, job.id)

    assert [(each.version, each.change, each.user) for each in found] == [
        *((1, Change.ADDED, "ann"), (2, Change.MODIFIED, "bob"), (3, Change.PAUSED, "eve")),
        *((4, Change.RESUMED, ""), (5, Change.DELETED, "ann")),
    ]
    assert [each.at for each in found] == [
        *(NOW - MINUTE, NOW + MINUTE / 2, NOW + MINUTE, NOW + 2 * MINUTE, NOW + 3 * MINUTE)
    ]
    assert [each.since for each in found] == [each.at + TICK for each in found]
    assert [(each.name, each.schedule) for each in found[:2]] == [
        *(("first", job.schedule), ("second", changed.schedule)),
    ]
    assert [each.paused for each in found] == [False, False, True, False, False]
    assert store.read(lambda s: s.job_history.job_ids()) == [job.id]


def test_a_change_with_a_clock_that_was_set_back_leaves_what_is_recorded(store) -> None:
    job = a_job(next_due=NOW + 10 * MINUTE)
    edited = replace(job, schedule=cron(minute="30"), updated_at=NOW, version=2)
    store.write(lambda s: s.jobs.add(job))

    store.write(lambda s: s.jobs.replace(edited))

    assert versions(store, job.id)[1].since == NOW + 9 * MINUTE + TICK


def test_a_change_that_fails_is_no_version(store) -> None:
    job = a_job()
    store.write(lambda s: s.jobs.add(job))

    def fail(session) -> None:
        session.jobs.delete(job.id, NOW)
        raise ValueError

    with pytest.raises(ValueError):
        store.write(fail)

    assert [each.change for each in versions(store, job.id)] == [Change.ADDED]


def an_ended(job_id: str, due, **changes):
    return an_execution(job_id=job_id, state=State.SUCCEEDED, due=due, updated_at=due, **changes)


def delete_ended(store, before) -> None:
    def delete(session) -> None:
        for job in session.expiry.portion("", None):
            limit = Keep(age=NOW - before)
            session.expiry.delete(session.expiry.expired(job, limit, NOW, 500))

    store.write(delete)


def test_the_last_removed_instant_of_each_job_is_known(store) -> None:
    rows = [an_ended("j1", NOW + number * MINUTE) for number in range(3)]
    rows.append(an_ended("j2", NOW - MINUTE, due_last=NOW + 7 * MINUTE, due_count=9))
    rows.append(an_execution(job_id="j3", state=State.FAILED, updated_at=NOW))  # by hand
    store.write(lambda s: s.executions.add(rows))

    delete_ended(store, NOW + MINUTE)
    delete_ended(store, NOW + 2 * MINUTE)

    store.write(lambda s: s.job_history.cut_off({"j1": NOW}))  # later, of an earlier one
    until = store.read(lambda s: s.job_history.removed_until(["j1", "j2", "j3"]))
    assert until == {"j1": NOW + MINUTE, "j2": NOW + 7 * MINUTE}


def test_versions_go_with_the_executions_of_their_time(store) -> None:
    job = a_job(next_due=NOW - 10 * MINUTE, created_at=NOW - 11 * MINUTE)
    store.write(lambda s: s.jobs.add(job))
    for version in (2, 3, 4):
        at = NOW + (version * 10 - 25) * MINUTE  # 12:55, 12:05, 12:15
        edited = replace(job, updated_at=at, version=version, next_due=at + MINUTE)
        store.write(lambda s, edited=edited: s.jobs.replace(edited))
    rows = [an_ended(job.id, NOW + number * MINUTE) for number in (-8, 0, 10)]
    store.write(lambda s: s.executions.add(rows))

    delete_ended(store, NOW - 5 * MINUTE)
    assert [each.version for each in versions(store, job.id)] == [1, 2, 3, 4]
    delete_ended(store, NOW + 5 * MINUTE)
    assert [each.version for each in versions(store, job.id)] == [2, 3, 4]
    delete_ended(store, NOW + 60 * MINUTE)
    assert [each.version for each in versions(store, job.id)] == [3, 4]


def test_deleted_jobs_are_found_and_forgotten(store) -> None:
    early, late, kept = a_job(), a_job(), a_job()
    store.write(lambda s: [s.jobs.add(job) for job in (early, late, kept)])
    store.write(lambda s: s.jobs.delete(early.id, NOW))
    store.write(lambda s: s.jobs.delete(late.id, NOW + MINUTE))
    store.write(lambda s: s.executions.add([an_ended(late.id, NOW)]))

    def forgotten(before, limit=9) -> list[str]:
        return store.read(lambda s: s.expiry.forgotten_jobs(before, limit))

    assert forgotten(NOW) == []
    assert forgotten(NOW + TICK) == forgotten(NOW + 2 * MINUTE) == [early.id]
    assert forgotten(NOW + TICK, 0) == []
    store.write(lambda s: s.job_history.forget([early.id]))

    known = store.read(lambda s: s.job_history.job_ids())
    assert known == sorted([late.id, kept.id])


def test_a_deleted_job_that_is_added_again_is_not_forgotten(store) -> None:
    job = a_job(id="again")
    store.write(lambda s: (s.jobs.add(job), s.jobs.delete(job.id, NOW)))
    store.write(lambda s: s.jobs.add(replace(job, created_at=NOW + MINUTE)))

    assert store.read(lambda s: s.expiry.forgotten_jobs(NOW + MINUTE, 9)) == []


def test_a_job_that_is_added_again_goes_on_with_its_versions_and_outcomes(store) -> None:
    job = a_job(id="again", next_due=NOW)
    ended = an_execution(job_id=job.id, state=State.FAILED, ended_at=NOW)
    store.write(lambda s: (s.jobs.add(job), s.executions.add([ended])))
    store.write(lambda s: s.jobs.delete(job.id, NOW + MINUTE))
    later = NOW + 2 * MINUTE

    again = replace(job, created_at=later, next_due=NOW + 3 * MINUTE)
    added = store.write(lambda s: s.jobs.add(again, "ann"))

    assert added == store.read(lambda s: s.jobs.get(job.id)) == replace(again, version=3)
    assert [(each.version, each.change, each.since) for each in versions(store, job.id)] == [
        (1, Change.ADDED, job.created_at + TICK),
        (2, Change.DELETED, NOW + MINUTE + TICK),
        (3, Change.ADDED, later + TICK),
    ]
    assert store.read(lambda s: s.outcomes.last([job.id]))[job.id].execution_id == ended.id


def test_a_job_that_is_added_again_decides_about_no_instant_once_more(store) -> None:
    """The clock was set back between."""
    job = a_job(id="again", next_due=NOW + 10 * MINUTE)
    store.write(lambda s: s.jobs.add(job))
    store.write(lambda s: s.jobs.delete(job.id, NOW))

    again = replace(job, created_at=NOW + MINUTE, next_due=NOW + 2 * MINUTE)
    added = store.write(lambda s: s.jobs.add(again))

    assert added.next_due == NOW + 10 * MINUTE
    assert versions(store, job.id)[-1].since == NOW + 9 * MINUTE + TICK
