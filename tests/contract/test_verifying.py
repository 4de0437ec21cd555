"""The record of a database, verified: each kind of fault planted into rows that hold."""

import os
import platform
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update

from botsched.domain.execution import Cause, Execution, Fate, State
from botsched.domain.keeping import Keep
from botsched.domain.verification import Kind, Verdict
from botsched.errors import NotFoundError
from botsched.execution.processes import boot_id, start_time
from botsched.scheduling import verifying
from botsched.scheduling.verifying import verify_record
from botsched.store import instants
from botsched.store.session import Session
from botsched.store.store import Store
from tests.support.values import NOW, a_job, an_execution, cron

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
HOST = platform.node()
JOB, OTHER = "j" * 32, "k" * 32


def ran(minutes: float, **changes) -> Execution:
    """An instant, so many minutes after the beginning, that ran."""
    due = NOW + minutes * MINUTE
    values = {
        "job_id": JOB,
        "due": due,
        "scheduled_at": due,
        "started_at": due,
        "state": State.SUCCEEDED,
        "cause": Cause.RETURNED,
        "updated_at": due,
    }
    return an_execution(**values | changes)


def skipped(first: float, last: float, **changes) -> Execution:
    """One row for all instants of a span."""
    count = round(last - first) + 1
    values = {
        "due_last": NOW + last * MINUTE,
        "due_count": count,
        "state": State.SKIPPED,
        "cause": Cause.PAUSED,
        "started_at": None,
    }
    return ran(first, **values | changes)


@pytest.fixture
def kept(store: Store) -> Store:
    """An hour of a job that is due each minute: it ran, but for a pause from 10 to 19."""
    added = NOW - MINUTE / 2
    job = a_job(id=JOB, name="minutely", created_at=added, next_due=NOW)
    rows = [ran(minute) for minute in range(60) if not 10 <= minute < 20]
    other = a_job(
        id=OTHER, name="hourly", schedule=cron(minute="30"), created_at=added,
        next_due=NOW + HOUR / 2,
    )  # fmt: skip
    store.write(lambda s: [s.jobs.add(each) for each in (job, other)])
    store.write(lambda s: s.executions.add([*rows, skipped(10, 19)]))
    store.write(lambda s: s.executions.add([ran(30, job_id=OTHER)]))
    store.write(lambda s: s.jobs.set_next_due({JOB: NOW + HOUR, OTHER: NOW + 1.5 * HOUR}))
    return store


def verified(store: Store, job: str | None = None, until: datetime = NOW + HOUR) -> Verdict:
    return verify_record(store, NOW, until - MINUTE / 2, NOW + 2 * HOUR, job)


def found(verdict: Verdict) -> list[tuple]:
    return [
        (each.kind, each.job_id, each.first, each.last, each.count) for each in verdict.findings
    ]


def test_a_job_that_was_deleted_and_added_again_is_verified_over_both_its_lives(kept) -> None:
    again = a_job(id=JOB, created_at=NOW + 70.5 * MINUTE, next_due=NOW + 71 * MINUTE)
    kept.write(lambda s: s.jobs.delete(JOB, NOW + 59.5 * MINUTE))
    kept.write(lambda s: s.jobs.add(again))
    kept.write(lambda s: s.executions.add([ran(minute) for minute in range(71, 80)]))
    kept.write(lambda s: s.jobs.set_next_due({JOB: NOW + 80 * MINUTE}))

    verdict = verified(kept, JOB, NOW + 80 * MINUTE)

    assert (verdict.clean, verdict.jobs, verdict.partly, verdict.due) == (True, 1, 0, 69)


def test_a_record_that_holds(kept) -> None:
    verdict = verified(kept)

    assert (verdict.jobs, verdict.partly, verdict.due, verdict.clean) == (2, 0, 61, True)
    assert verdict.fates == {Fate.RAN: 51, Fate.SKIPPED: 10}
    assert verdict.causes == {Cause.PAUSED: 10}
    assert verdict.findings == []


def test_one_job_by_id_or_name(kept) -> None:
    assert verified(kept, OTHER).due == 1
    assert verified(kept, "minutely").due == 60
    with pytest.raises(NotFoundError, match="There is no job 'nobody'"):
        verified(kept, "nobody")


def test_a_row_that_began_before_the_period_counts_for_what_lies_in_it(kept) -> None:
    verdict = verify_record(kept, NOW + 15 * MINUTE, NOW + 24 * MINUTE, NOW + HOUR, JOB)

    assert verdict.clean
    assert verdict.fates == {Fate.SKIPPED: 5, Fate.RAN: 5}


def change(statement: Callable) -> Callable[[Session], None]:
    """An SQL statement on the executions of JOB that are due at a minute."""

    def plant(session: Session) -> None:
        table = session._schema.executions
        session._connection.execute(statement(table))

    return plant


def of(table, minute: float):
    return (table.c.job_id == JOB) & (table.c.due == NOW + minute * MINUTE)


@pytest.mark.parametrize(
    ("plant", "expected"),
    [
        (change(lambda t: delete(t).where(of(t, 5))), [(Kind.MISSING, JOB, 5, 5, 1)]),
        (change(lambda t: delete(t).where(of(t, 10))), [(Kind.MISSING, JOB, 10, 19, 10)]),
        (lambda s: s.executions.add([ran(15)]), [(Kind.DOUBLED, JOB, 15, 15, 1)]),
        (lambda s: s.executions.add([ran(40.5)]), [(Kind.UNEXPLAINED, JOB, 40.5, 40.5, 1)]),
        (
            change(lambda t: update(t).where(of(t, 10)).values(reason=" ")),
            [(Kind.UNEXPLAINED, JOB, 10, 19, 1)],
        ),
        (
            change(lambda t: update(t).where(of(t, 10)).values(due_count=11)),
            [(Kind.UNEXPLAINED, JOB, 10, 19, 1)],
        ),
        (
            change(lambda t: update(t).where(of(t, 10)).values(due_last=NOW + 20 * MINUTE)),
            [(Kind.UNEXPLAINED, JOB, 10, 20, 1), (Kind.DOUBLED, JOB, 20, 20, 1)],
        ),
        (
            lambda s: s.executions.add([ran(3, job_id="nobody")]),
            [(Kind.UNEXPLAINED, "nobody", 3, 3, 1)],
        ),
        (
            change(lambda t: update(t).where(of(t, 5)).values(state="running", hostname=HOST)),
            [(Kind.UNEXPLAINED, JOB, 5, 5, 1)],
        ),
        (
            change(lambda t: update(t).where(of(t, 5)).values(job_id=OTHER)),
            [(Kind.MISSING, JOB, 5, 5, 1), (Kind.UNEXPLAINED, OTHER, 5, 5, 1)],
        ),
    ],
)
def test_a_planted_fault_is_listed(kept, plant, expected) -> None:
    kept.write(plant)

    verdict = verified(kept)

    assert not verdict.clean
    assert found(verdict) == [
        (kind, job, NOW + first * MINUTE, NOW + last * MINUTE, count)
        for kind, job, first, last, count in expected
    ]


def test_a_row_from_before_the_job_was_added_is_unexplained(kept) -> None:
    kept.write(lambda s: s.executions.add([ran(-30)]))

    verdict = verify_record(kept, NOW - HOUR, NOW + MINUTE / 2, NOW + HOUR, JOB)

    assert [each.why for each in verdict.findings] == ["The job was not due then."]


def test_runs_that_go_on_are_no_fault(kept) -> None:
    me = {"hostname": HOST, "boot_id": boot_id(), "pid": os.getpid()}
    me["pid_started"] = start_time(os.getpid())
    plants = [
        ({"state": "running", **me}, Fate.RAN),
        ({"state": "running", "hostname": "elsewhere"}, Fate.RAN),
        ({"state": "running", "hostname": HOST, "updated_at": NOW + 2 * HOUR}, Fate.RAN),
        ({"state": "scheduled", "started_at": None}, Fate.PENDING),
    ]
    for minute, (values, _fate) in enumerate(plants):
        kept.write(change(lambda t, m=minute, v=values: update(t).where(of(t, m)).values(**v)))

    verdict = verified(kept)

    assert verdict.clean
    assert verdict.fates[Fate.PENDING] == 1


def test_runs_by_hand_and_attempts_are_no_instants(kept) -> None:
    by_hand = ran(5.5, due=None)
    kept.write(lambda s: s.executions.add([by_hand]))

    verdict = verified(kept)

    assert (verdict.clean, verdict.due) == (True, 61)


@pytest.mark.parametrize("paused", [True, False])
def test_what_is_still_to_be_recorded_is_open(kept, paused) -> None:
    job = kept.read(lambda s: s.jobs.get(JOB))
    if paused:
        at = NOW + HOUR - MINUTE / 2
        job = replace(job, paused_at=at, paused_by="ann", updated_at=at, version=2)
        kept.write(lambda s: s.jobs.replace(job))

    verdict = verified(kept, "minutely", NOW + 1.5 * HOUR)

    assert verdict.clean
    assert found(verdict) == [(Kind.OPEN, JOB, NOW + HOUR, NOW + 1.5 * HOUR - MINUTE, 30)]
    assert ("paused" in verdict.findings[0].why) is paused


def remove_half(store: Store) -> None:
    """What ended in the first half of the hour has been kept long enough."""

    def remove(session: Session) -> None:
        for job in session.expiry.portion("", None):
            keep = Keep(age=HOUR)
            session.expiry.delete(session.expiry.expired(job, keep, NOW + 1.5 * HOUR, 500))

    store.write(remove)


def test_what_was_removed_is_not_missing(kept) -> None:
    remove_half(kept)

    verdict = verified(kept)

    assert verdict.clean
    assert (verdict.partly, verdict.due) == (1, 31)


def test_a_deleted_job_is_verified_until_then(kept) -> None:
    kept.write(lambda s: s.jobs.delete(JOB, NOW + HOUR - MINUTE / 2))
    assert verified(kept, JOB, NOW + 2 * HOUR).clean

    kept.write(change(lambda t: delete(t).where(of(t, 59))))

    assert found(verified(kept, JOB)) == [
        (Kind.MISSING, JOB, NOW + 59 * MINUTE, NOW + 59 * MINUTE, 1)
    ]


def test_many_rows_and_jobs_are_read_in_portions(kept, monkeypatch) -> None:
    monkeypatch.setattr(instants, "_BATCH", 7)
    monkeypatch.setattr(verifying, "_JOBS", 1)

    verdict = verified(kept)

    assert (verdict.clean, verdict.jobs, verdict.due) == (True, 2, 61)


def test_rows_that_are_removed_meanwhile_are_not_missing(kept, monkeypatch) -> None:
    """Retention works between two batches of the rows of a job."""
    monkeypatch.setattr(instants, "_BATCH", 7)
    read = instants.Instants._read
    calls = []

    def interrupted(self, *arguments):
        calls.append(1)
        if len(calls) == 4:
            remove_half(kept)
        return read(self, *arguments)

    monkeypatch.setattr(instants.Instants, "_read", interrupted)

    assert verified(kept, JOB).clean
