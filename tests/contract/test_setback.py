"""What a clock that was hours ahead left in the tables, healed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from botsched.domain.controls import Controls, Hold
from botsched.domain.execution import Cause, State
from botsched.domain.ids import new_id
from botsched.domain.instance import Instance
from botsched.domain.jobversion import Change
from botsched.domain.paging import ExecutionFilter, Paging
from botsched.scheduling.setback import ClockWatch
from botsched.scheduling.verifying import verify_record
from botsched.store.fence import elapsed
from tests.support.values import NOW, a_job, an_execution, cron

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TICK = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def _lease(store):
    """This server schedules."""
    if not store.shared:
        yield
        return
    me = Instance(new_id(), "here", 4711, 99, "a boot", "a namespace")
    token = store.lease(lambda leases: leases.take(me))
    store.fence.grant(token, elapsed() + 60)
    yield
    store.fence.withdraw()
    store.lease(lambda leases: leases.release(token))


def row(job, minutes: float, **changes):
    """An instant, so many minutes from now, that ran without a word."""
    due = NOW + minutes * MINUTE
    values = {"due": due, "scheduled_at": due, "started_at": due, "updated_at": due, "reason": ""}
    values |= {"state": State.SUCCEEDED, "cause": Cause.RETURNED}
    return an_execution(job_id=job.id, **values | changes)


def span(job, first: float, last: float, count: int):
    return row(
        job, first, due_last=NOW + last * MINUTE, due_count=count, started_at=None,
        state=State.MISSED, cause=Cause.GRACE, reason="Found late.",
    )  # fmt: skip


def settled(store, job, until, *rows) -> None:
    """A job with rows up to a moment."""
    store.write(lambda s: s.jobs.add(job))
    store.write(lambda s: s.executions.add(list(rows)))
    store.write(lambda s: s.jobs.set_next_due({job.id: job.schedule.next_after(until)}))


def heal(store) -> None:
    watch = ClockWatch(store)
    for minutes in (0, 5, 10):
        watch.look(NOW + minutes * MINUTE)


def told(store, job) -> list[tuple]:
    page = store.read(lambda s: s.executions.find(ExecutionFilter(job_id=job.id), Paging()))
    rows = sorted(page.items, key=lambda each: each.scheduled_at)
    return [(each.due, each.due_last, each.due_count, each.reason) for each in rows]


def test_rows_of_instants_to_come_stand_for_none(store) -> None:
    begun = {"created_at": NOW - 3.5 * MINUTE, "next_due": NOW - 3 * MINUTE}
    job, other = a_job(**begun, name="ahead"), a_job(**begun, name="a little")
    rows = [row(job, -3), span(job, -2, 299, 302), row(job, 300), row(job, 301, reason="Late.")]
    settled(store, job, NOW + 301 * MINUTE, *rows)
    settled(store, other, NOW + 170 * MINUTE, row(other, -3), span(other, -2, 170, 173))

    heal(store)

    note = "The clock was 5.0 h ahead; this row counts for no instant."
    rest = "The clock was 5.0 h ahead; the rest of its instants came again."
    assert told(store, job) == [
        (NOW - 3 * MINUTE, None, 1, ""),
        (NOW - 2 * MINUTE, NOW, 3, f"Found late. {rest}"),
        (None, None, 1, note),
        (None, None, 1, f"Late. {note}"),
    ]
    after = store.read(lambda s: s.jobs.get(job.id))
    assert (after.next_due, after.version, after.since) == (NOW + MINUTE, 2, NOW + TICK)
    last = store.read(lambda s: s.job_history.of(job.id))[-1]
    assert (last.change, last.at, last.since) == (
        *(Change.SET_BACK, NOW + 10 * MINUTE, NOW + TICK),
    )
    assert told(store, other)[-1] == (NOW - 2 * MINUTE, NOW + 170 * MINUTE, 173, "Found late.")
    assert store.read(lambda s: s.jobs.get(other.id)).version == 1
    for now in (NOW + 10 * MINUTE, NOW + DAY):
        verdict = verify_record(store, NOW - DAY, NOW + DAY, now)
        assert verdict.clean, verdict.findings


def test_jobs_with_instants_far_off_are_left(store) -> None:
    yearly = a_job(schedule=cron(month="1", day="1", hour="0"), created_at=NOW)
    settled(store, yearly, NOW)
    never = a_job(schedule=cron(year="2027", month="2", day="1", hour="0"), next_due=None)
    settled(store, never, NOW)

    heal(store)

    for job in (yearly, never):
        assert store.read(lambda s, job=job: s.jobs.get(job.id)).version == 1


def test_rows_that_were_removed_meanwhile_leave_no_doubt_about_what_comes(store) -> None:
    job = a_job(created_at=NOW - 1.5 * MINUTE, next_due=NOW - MINUTE)
    settled(store, job, NOW + 300 * MINUTE)
    changed = replace(job, version=2, updated_at=NOW + 5 * HOUR, next_due=NOW + 301 * MINUTE)
    store.write(lambda s: s.jobs.replace(changed))
    store.write(lambda s: s.job_history.cut_off({job.id: NOW + 400 * MINUTE}))

    heal(store)

    removed = store.read(lambda s: s.job_history.removed_until([job.id]))
    assert removed == {job.id: NOW}
    verdict = verify_record(store, NOW - DAY, NOW + HOUR, NOW + HOUR)
    assert (verdict.clean, verdict.due) == (True, 60)


def test_a_parked_job_is_looked_at_and_a_hold_begins_sooner(store) -> None:
    job = a_job(created_at=NOW - MINUTE / 2)
    settled(store, job, NOW)
    parked = {job.id: NOW + DAY}
    store.write(lambda s: s.jobs.set_next_due({job.id: NOW + MINUTE}, parked))
    ahead = a_job(created_at=NOW - MINUTE / 2)
    settled(store, ahead, NOW + DAY, span(ahead, 0, 24 * 60, 24 * 60 + 1))

    heal(store)
    assert store.read(lambda s: s.jobs.get(job.id)).next_run == NOW + MINUTE
    settled(store, a_job(created_at=NOW + DAY, next_due=NOW + DAY), NOW + DAY)
    hold = Hold("ann", NOW + DAY, "Mains off.")
    store.write(lambda s: s.controls.put(Controls(hold), NOW + DAY, "ann"))

    heal(store)

    controls = store.read(lambda s: s.controls.get())
    assert controls == Controls(replace(hold, since=NOW))
