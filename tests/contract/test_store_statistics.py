"""Counts over executions, the same on every database."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from botsched.domain.execution import Cause, Execution, Fate, State
from botsched.domain.statistics import Bucket
from botsched.store import statistics
from tests.support.values import NOW, a_job, an_execution

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def add(store, *executions: Execution) -> None:
    store.write(lambda session: session.executions.add(list(executions)))


def ask(store, method: str, *arguments: Any) -> Any:
    return store.read(lambda session: getattr(session.statistics, method)(*arguments))


def ended(
    at: datetime = NOW, seconds: float = 1, state: State = State.SUCCEEDED, **more: Any
) -> Execution:
    """An execution that ended then, after so many seconds."""
    begun = at - timedelta(seconds=seconds)
    times = {"scheduled_at": begun, "started_at": begun, "ended_at": at, "updated_at": at}
    return an_execution(**{"state": state, "cause": Cause.RETURNED, "due": begun} | times | more)


def test_executions_are_counted_by_hours_and_states(store) -> None:
    add(
        store,
        ended(NOW - 24 * HOUR - SECOND),
        ended(NOW - 2 * HOUR, job_id="j2"),
        ended(NOW - 2 * HOUR + MINUTE, state=State.FAILED),
        ended(NOW - 1 * HOUR - timedelta(microseconds=1), state=State.LOST),
        ended(NOW - 1 * HOUR, state=State.SKIPPED),
        ended(NOW),
        an_execution(),
    )

    buckets = ask(store, "buckets", NOW - 24 * HOUR, NOW)

    assert [bucket.start for bucket in buckets] == [NOW - n * HOUR for n in range(24, 0, -1)]
    assert buckets[-2:] == [
        Bucket(NOW - 2 * HOUR, NOW - HOUR, Counter(["succeeded", "failed", "lost"])),
        Bucket(NOW - HOUR, NOW, Counter(["skipped", "succeeded"])),
    ]
    assert [(bucket.runs, bucket.failures) for bucket in buckets[-3:]] == [(0, 0), (3, 2), (1, 0)]


def test_a_period_that_is_too_much_is_counted_from_its_end(store, monkeypatch) -> None:
    monkeypatch.setattr(statistics, "MOST_COUNTED", 1)
    add(store, *(ended(NOW - n * MINUTE) for n in range(300)))

    buckets = ask(store, "buckets", NOW - 24 * HOUR, NOW)

    assert [(bucket.start, bucket.runs) for bucket in buckets] == [(NOW - HOUR, 61)]


def test_instants_are_counted_by_their_fates(store) -> None:
    waits = {"started_at": None, "ended_at": None}
    add(
        store,
        ended(NOW),
        ended(NOW - SECOND, seconds=30, scheduled_at=NOW - 40.9 * SECOND),
        ended(NOW - 2 * SECOND, seconds=30, scheduled_at=NOW - 42.1 * SECOND),
        ended(NOW - 3 * SECOND, state=State.SKIPPED, due_count=4, **waits),
        an_execution(state=State.SKIPPED, cause=Cause.COALESCED, due=NOW, due_count=5),
        ended(NOW, due=None),
    )
    add(store, an_execution(job_id="j2", state=State.MISSED, cause=Cause.GRACE, due=NOW))
    add(store, an_execution(job_id="j3", due=NOW))

    tally = ask(store, "tally", NOW - HOUR, NOW)

    assert tally.since == NOW - HOUR
    assert +tally.fates == {
        Fate.RAN: 2, Fate.LATE: 1, Fate.SKIPPED: 4, Fate.COALESCED: 5, Fate.MISSED: 1,
        Fate.PENDING: 1,
    }  # fmt: skip
    assert tally.skipped == {Cause.RETURNED: 4, Cause.COALESCED: 5}


def test_of_too_many_instants_the_latest_are_counted(store, monkeypatch) -> None:
    monkeypatch.setattr(statistics, "MOST_READ", 3)
    add(store, *(ended(NOW - n * SECOND) for n in range(5)))

    tally = ask(store, "tally", NOW - HOUR, NOW)

    assert (tally.since, tally.fates.total()) == (NOW - 2 * SECOND, 3)


def test_the_slowest_jobs_come_first(store) -> None:
    add(
        store,
        ended(NOW, seconds=1, job_id="quick"),
        ended(NOW, seconds=60.25, job_id="slow", job_name="dump"),
        ended(NOW - SECOND, seconds=30, job_id="slow", job_name="dump"),
        ended(NOW - 2 * HOUR, seconds=900, job_id="long ago"),
    )
    add(store, ended(NOW, job_id="skipped", state=State.SKIPPED, started_at=None, ended_at=None))

    shares = ask(store, "slowest", NOW - HOUR, NOW, 5)

    assert [(share.job_id, share.job_name, share.count) for share in shares] == [
        ("slow", "dump", 2),
        ("quick", "backup", 1),
    ]
    assert shares[0].longest == pytest.approx(60.25, abs=0.001)


def test_jobs_that_failed_are_counted_the_last_one_first(store) -> None:
    states = [State.FAILED, State.TIMEOUT, State.SCHEDULED_ERROR, State.LOST]
    add(store, *(ended(NOW - n * SECOND, 1, state, job_id="j1") for n, state in enumerate(states)))
    add(store, ended(NOW - HOUR, 1, State.FAILED, job_id="older"))
    add(store, ended(NOW - 25 * HOUR, 1, State.FAILED, job_id="too old"), ended(job_id="well"))

    shares = ask(store, "failing", NOW - 24 * HOUR, NOW)

    assert [(share.job_id, share.count) for share in shares] == [("j1", 4), ("older", 1)]


def test_the_latest_runs_of_a_job_come_first(store) -> None:
    add(store, *(ended(NOW - n * SECOND, seconds=n + 1) for n in range(5)), ended(job_id="j2"))

    runs = ask(store, "runs", "j1", 3)

    assert [(run.updated_at, run.seconds) for run in runs] == [
        (NOW, 1), (NOW - SECOND, 2), (NOW - 2 * SECOND, 3),
    ]  # fmt: skip


def test_what_has_not_ended_is_counted_by_state(store) -> None:
    running = an_execution(state=State.RUNNING, cause=Cause.DUE)
    add(store, running, an_execution(), an_execution(), ended())

    assert ask(store, "active_counts") == {State.RUNNING: 1, State.SCHEDULED: 2}


def test_the_executions_of_a_job_are_marked_by_slots(store) -> None:
    start = NOW - HOUR
    waits = {"started_at": None, "ended_at": None, "due_last": NOW - 20 * MINUTE}
    one = ended(start + 30 * SECOND, seconds=90)
    others = [ended(start + 65 * SECOND), ended(start + 90 * SECOND, 20, State.FAILED)]
    skipped = ended(NOW, 1800, State.SKIPPED, due_count=9, **waits)
    add(store, one, *others, skipped, ended(start - SECOND), ended(NOW, job_id="j2"))

    first, second, last = ask(store, "marks", "j1", start, NOW, MINUTE)

    assert first.execution_id == one.id
    assert (first.start, first.end) == (start - MINUTE, start + 30 * SECOND)
    assert (second.start, second.end) == (start + 64 * SECOND, start + 90 * SECOND)
    assert second.states == Counter(["succeeded", "failed"])
    assert second.execution_id == others[1].id
    assert (last.start, last.end, last.count) == (NOW - 30 * MINUTE, NOW - 20 * MINUTE, 1)


def test_of_too_many_executions_the_earlier_are_counted_only(store, monkeypatch) -> None:
    monkeypatch.setattr(statistics, "MOST_READ_OF_JOB", 2)
    add(store, *(ended(NOW - n * MINUTE) for n in range(5)))

    earlier, *latest = ask(store, "marks", "j1", NOW - HOUR, NOW, SECOND)

    assert (earlier.start, earlier.end) == (NOW - HOUR, NOW - MINUTE)
    assert (earlier.count, earlier.states, earlier.execution_id) == (3, Counter(), None)
    assert [mark.count for mark in latest] == [1, 1]


def test_jobs_with_a_past_are_found_the_latest_first(store) -> None:
    add(store, ended(NOW - MINUTE, job_id="b"), ended(NOW, job_id="a"), ended(NOW + SECOND))

    assert list(ask(store, "jobs_between", NOW - HOUR, NOW)) == ["a", "b"]


def test_jobs_that_come_next_are_found_without_the_paused(store) -> None:
    later, next_ = a_job(next_due=NOW + HOUR), a_job(next_due=NOW + MINUTE)
    paused = a_job(next_due=NOW + MINUTE, paused_at=NOW, paused_by="ann", paused_until=NOW + HOUR)
    far = a_job(next_due=NOW + 25 * HOUR)
    for job in (later, next_, paused, far):
        store.write(lambda session, job=job: session.jobs.add(job))

    ids = store.read(lambda session: session.jobs.upcoming(NOW + 24 * HOUR, 10))

    assert ids == [next_.id, later.id]
