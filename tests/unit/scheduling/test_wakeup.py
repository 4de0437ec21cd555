"""One wake-up: what is due gets its fate, and what is to run is handed over."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from botsched.domain import mailforms
from botsched.domain.execution import Cause, State
from botsched.domain.job import Job, JobPolicy, Missed
from botsched.domain.timetable import Bounds, Timetable
from botsched.errors import StoreUnavailableError
from botsched.scheduling.scheduler import RowJobStore, Scheduler, ScheduleTrigger
from botsched.scheduling.wakeup import WakeUp
from botsched.store.errors import DuplicateError
from tests.support.values import DEFAULTS, NOW, a_job, an_execution, cron

MINUTE = timedelta(minutes=1)


@pytest.fixture
def wake_up(record, runner) -> WakeUp:
    return WakeUp(record.store, runner, DEFAULTS)


def look(wake_up: WakeUp, now, between=lambda: None):
    """A whole wake-up, as the scheduler's thread does it."""
    jobs = wake_up.begin(now)
    for job in jobs:
        wake_up.add(job.id)
        wake_up.move_on(job.id, job.schedule.next_after(now))
    between()
    return wake_up.commit()


def test_an_instant_on_time_is_recorded_and_handed_over(record, wake_up, handed_over) -> None:
    job = a_job()
    record.add(job)

    following = look(wake_up, NOW)

    (row,) = record.rows()
    assert (row.due, row.state, row.cause) == (NOW, State.SCHEDULED, Cause.DUE)
    assert (row.job_id, row.job_name, row.job_class) == (job.id, job.name, job.job_class)
    assert row.arguments == job.arguments
    assert row.ended_at is None
    assert following == NOW + MINUTE == record.job(job.id).next_due
    assert handed_over() == [row.id]


def test_nothing_due_records_nothing(record, wake_up, handed_over) -> None:
    record.add(a_job(next_due=NOW + MINUTE))

    assert look(wake_up, NOW) == NOW + MINUTE
    assert record.rows() == []
    assert handed_over() == []


def test_without_jobs_there_is_nothing_to_wake_up_for(wake_up) -> None:
    assert look(wake_up, NOW) is None


def test_a_job_that_never_comes_again_stays_without_a_next_instant(record, wake_up) -> None:
    once = a_job(schedule=cron(year="2027", month="3", day="1", hour="12"))
    record.add(once)

    assert look(wake_up, NOW) is None
    assert record.job(once.id).next_due is None
    assert len(record.rows()) == 1


def test_an_outage_with_coalescing_is_three_rows(record, wake_up, handed_over) -> None:
    record.add(a_job(next_due=NOW - timedelta(hours=3)))

    look(wake_up, NOW + timedelta(seconds=5))

    missed, folded, run = record.rows()
    hour_ago = NOW - timedelta(hours=1)
    assert record.rows().told() == [
        (NOW - timedelta(hours=3), hour_ago, 121, State.MISSED, Cause.GRACE),
        (hour_ago + MINUTE, NOW - MINUTE, 59, State.SKIPPED, Cause.COALESCED),
        (NOW, None, 1, State.SCHEDULED, Cause.DUE),
    ]
    assert missed.ended_at == folded.ended_at == NOW + timedelta(seconds=5)
    assert handed_over() == [run.id]


def test_an_outage_without_coalescing_is_a_row_for_each_run(record, wake_up, handed_over) -> None:
    policy = JobPolicy(Missed.ALL, misfire=timedelta(minutes=3))
    record.add(a_job(next_due=NOW - timedelta(minutes=9), policy=policy))

    look(wake_up, NOW)

    missed, *runs = record.rows()
    assert (missed.due_count, missed.due_last) == (6, NOW - timedelta(minutes=4))
    assert [run.due for run in runs] == [NOW - number * MINUTE for number in (3, 2, 1, 0)]
    assert handed_over() == [run.id for run in runs]


def test_an_overlap_is_recorded(record, wake_up, handed_over) -> None:
    job = a_job(policy=JobPolicy(max_instances=1))
    record.add(job)
    record.add_executions(
        an_execution(job_id=job.id, state=State.RUNNING, scheduled_at=NOW - timedelta(days=1))
    )

    look(wake_up, NOW)

    row = record.rows()[-1]
    assert (row.state, row.cause) == (State.SKIPPED, Cause.OVERLAP)
    assert handed_over() == []


def test_a_paused_job_is_not_looked_at(record, wake_up) -> None:
    record.add(a_job(paused_at=NOW - MINUTE, paused_by="ann"))

    assert look(wake_up, NOW) is None
    assert record.rows() == []


def test_a_job_changed_meanwhile_is_left_to_whoever_changed_it(
    record, wake_up, handed_over
) -> None:
    changed, deleted, same = (a_job(name=name) for name in ("changed", "deleted", "same"))
    record.add(changed, deleted, same)

    def edit() -> None:
        after = replace(changed, next_due=NOW + timedelta(hours=5), version=2)
        record.store.write(lambda session: session.jobs.replace(after))
        record.store.write(lambda session: session.jobs.delete(deleted.id, NOW))

    look(wake_up, NOW, edit)

    assert [row.job_name for row in record.rows()] == ["same"]
    assert record.job(changed.id).next_due == NOW + timedelta(hours=5)
    assert record.job(same.id).next_due == NOW + MINUTE
    assert handed_over() == [record.rows()[0].id]


def test_an_instant_that_is_recorded_already_is_not_run_twice(record, wake_up, handed_over) -> None:
    policy = JobPolicy(Missed.ALL)
    twice, other = a_job(next_due=NOW - MINUTE, policy=policy), a_job()
    record.add(twice, other)
    ran = an_execution(
        job_id=twice.id, due=NOW - MINUTE, scheduled_at=NOW - MINUTE, state=State.SUCCEEDED
    )
    record.add_executions(ran)

    look(wake_up, NOW)

    rows = record.rows()
    assert rows[0] == ran
    assert {(row.job_id, row.due) for row in rows[1:]} == {(twice.id, NOW), (other.id, NOW)}
    assert sorted(handed_over()) == sorted(row.id for row in rows[1:])
    assert record.job(twice.id).next_due == NOW + MINUTE


def test_two_hundred_jobs_go_into_one_commit(record, wake_up, handed_over) -> None:
    record.add(*(a_job(name=f"job {number}") for number in range(200)))
    writes = []
    write = record.store.write
    record.store.write = lambda operation, **how: writes.append(1) or write(operation, **how)

    look(wake_up, NOW)

    assert len(writes) == 1
    assert len(record.rows()) == len(handed_over()) == 200


def test_what_could_not_be_recorded_is_found_again(record, wake_up, handed_over) -> None:
    record.add(a_job())
    write = record.store.write

    def fail(_operation, **_how) -> None:
        raise DuplicateError("no luck")

    record.store.write = fail
    with pytest.raises(DuplicateError):
        look(wake_up, NOW)
    record.store.write = write
    assert record.rows() == []

    look(wake_up, NOW + timedelta(seconds=2))

    assert [row.due for row in record.rows()] == [NOW]
    assert len(handed_over()) == 1


def test_the_scheduler_moves_every_due_job_on_once(record, wake_up, handed_over) -> None:
    record.add(a_job(next_due=NOW - 5 * MINUTE), a_job(next_due=NOW + MINUTE))
    rows = RowJobStore(wake_up)
    rows._scheduler = Scheduler(wake_up)

    (guest,) = rows.get_due_jobs(NOW)
    due = guest._get_run_times(NOW)
    wake_up.add(guest.id)
    guest._modify(next_run_time=guest.trigger.get_next_fire_time(due[-1], NOW))
    rows.update_job(guest)

    assert due == [NOW - 5 * MINUTE]
    assert rows.get_next_run_time() == NOW + MINUTE
    assert [row.due_count for row in record.rows()] == [5, 1]
    assert len(handed_over()) == 1
    assert rows.get_all_jobs() == []
    assert rows.lookup_job(guest.id) is None


def test_a_trigger_gives_what_is_still_to_come() -> None:
    trigger = ScheduleTrigger(cron(minute="*"))

    assert trigger.get_next_fire_time(None, NOW) == NOW + MINUTE
    assert trigger.get_next_fire_time(NOW - timedelta(days=1), NOW) == NOW + MINUTE
    assert trigger.get_next_fire_time(NOW + MINUTE, NOW) == NOW + 2 * MINUTE


def test_what_was_recorded_unheard_is_handed_over_later(
    record, wake_up, handed_over, lose_answer
) -> None:
    record.add(a_job())
    lose_answer()

    with pytest.raises(StoreUnavailableError):
        look(wake_up, NOW)
    assert handed_over() == []
    look(wake_up, NOW)

    (row,) = record.rows()
    assert handed_over() == [row.id]
    look(wake_up, NOW)
    assert handed_over() == []


def test_what_was_not_recorded_in_an_outage_is_handed_over_once(
    record, wake_up, handed_over, lose_answer
) -> None:
    record.add(a_job())
    lose_answer(committed=False)

    with pytest.raises(StoreUnavailableError):
        look(wake_up, NOW)
    look(wake_up, NOW)

    (row,) = record.rows()
    assert handed_over() == [row.id]


def test_each_instant_of_several_schedules_with_jitter_is_recorded_once(record, wake_up) -> None:
    forms = cron(minute="*/3"), cron(minute="*/2"), cron(second="30", minute="0")
    table = Timetable.of(forms, Bounds(end=NOW + 30 * MINUTE, jitter=50), "seed")
    job = a_job(schedule=table, policy=JobPolicy(missed=Missed.ALL), next_due=table.next_after(NOW))
    record.add(job)

    for seconds in (10, 65, 66, 400, 400, 1500, 4000):  # on time, and after outages
        look(wake_up, NOW + timedelta(seconds=seconds))

    dues = [row.due for row in record.rows()]
    assert (
        len(set(dues))
        == len(dues)
        == table.count(NOW + timedelta(microseconds=1), NOW + 60 * MINUTE)
    )
    assert all(table.count(due, due) == 1 for due in dues)
    assert record.job(job.id).next_due is None


PAUSED = {"paused_at": NOW - 2 * MINUTE, "paused_by": "ann", "paused_until": NOW}


@pytest.mark.parametrize("missed", [Missed.LATEST, Missed.ALL])
def test_a_pause_ends_by_itself_at_its_instant(record, wake_up, handed_over, missed) -> None:
    job = a_job(**PAUSED, next_due=NOW - MINUTE, policy=JobPolicy(missed))
    record.add(job)

    assert look(wake_up, NOW - MINUTE) == NOW
    assert record.rows() == []
    assert look(wake_up, NOW) == NOW + MINUTE

    assert record.rows().told() == [
        (NOW - MINUTE, None, 1, State.SKIPPED, Cause.PAUSED),
        (NOW, None, 1, State.SCHEDULED, Cause.DUE),
    ]
    after = record.job(job.id)
    assert (after.paused, after.paused_until, after.version) == (False, None, 2)
    assert (after.next_due, after.updated_at) == (NOW + MINUTE, NOW)
    assert handed_over() == [record.rows()[1].id]
    assert record.audit() == [
        (
            *("resumed", "scheduler", "backup"),
            "the pause by ann was until 2027-03-01 12:00:00 UTC",
        )
    ]
    look(wake_up, NOW)
    assert len(record.audit()) == 1


def test_a_pause_that_ended_while_the_server_was_down_ended_then(record, wake_up) -> None:
    record.add(a_job(**PAUSED, next_due=NOW - MINUTE))

    look(wake_up, NOW + 2.5 * MINUTE)

    assert record.rows().told() == [
        (NOW - MINUTE, None, 1, State.SKIPPED, Cause.PAUSED),
        (NOW, NOW + MINUTE, 2, State.SKIPPED, Cause.COALESCED),
        (NOW + 2 * MINUTE, None, 1, State.SCHEDULED, Cause.DUE),
    ]


@pytest.mark.parametrize("next_due", [NOW + timedelta(hours=9), None])
def test_a_pause_without_anything_due_ends_as_well(record, wake_up, next_due) -> None:
    year = cron(year="2027", month="3", day="1", hour="21")
    job = a_job(**PAUSED, next_due=next_due, schedule=cron(hour="21") if next_due else year)
    record.add(job)

    look(wake_up, NOW)

    after = record.job(job.id)
    assert (after.paused, after.next_due, record.rows()) == (False, NOW.replace(hour=21), [])


def test_apscheduler_comes_to_a_job_only_to_end_its_pause(record, wake_up) -> None:
    record.add(job := a_job(**PAUSED, next_due=NOW + timedelta(hours=9), schedule=cron(hour="21")))
    rows = RowJobStore(wake_up)
    rows._scheduler = Scheduler(wake_up)

    (guest,) = rows.get_due_jobs(NOW)

    assert (guest.id, guest._get_run_times(NOW)) == (job.id, [NOW])


def test_what_is_missed_or_skipped_is_mailed_when_the_job_wants_it(record, runner) -> None:
    def told_on(*what: str, **changes: Any) -> Job:
        mail = mailforms.KIND.read([{"on": list(what)}])
        policy = JobPolicy(missed=Missed.LATEST, misfire=timedelta(minutes=5), mail=mail)
        return a_job(policy=policy, next_due=NOW - 9 * MINUTE, **changes)

    tells, silent = told_on("missed", "skipped"), told_on("failure")
    record.add(tells, silent)
    look(WakeUp(record.store, runner, replace(DEFAULTS, profiles=("ops",))), NOW)

    states = {row.id: (row.job_id, row.state) for row in record.rows()}
    owed = record.store.read(
        lambda session: [mail for each in states for mail in session.outbox.of_execution(each)]
    )
    assert sorted(states[mail.execution_id] for mail in owed) == [
        (tells.id, State.MISSED), (tells.id, State.SKIPPED)
    ]  # fmt: skip
    assert (silent.id, State.MISSED) in states.values()
