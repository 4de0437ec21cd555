"""All jobs at once: the hold and windows, and what they leave in the record."""

from datetime import timedelta

import pytest

from botsched.domain.controls import Controls
from botsched.domain.execution import Cause, State
from botsched.domain.window import windows_kind
from botsched.errors import InvalidError
from botsched.scheduling.controls import ControlService
from botsched.scheduling.jobs import JobService
from botsched.scheduling.wakeup import WakeUp
from tests.support.values import DEFAULTS, NOW, a_job, cron

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
NOON = windows_kind().read([{"name": "noon", "crontab": "0 12 * * *", "duration": 3600}])


@pytest.fixture
def wakes() -> list[int]:
    return []


@pytest.fixture
def controls(record, runner, clock, wakes) -> ControlService:
    return ControlService(record.store, runner, clock, DEFAULTS, lambda: wakes.append(1))


@pytest.fixture
def look(record, runner, clock):
    """A whole wake-up at the time of the clock, as the scheduler's thread does it."""
    wake_up = WakeUp(record.store, runner, DEFAULTS)

    def look():
        for job in wake_up.begin(clock.now):
            wake_up.add(job.id)
            wake_up.move_on(job.id, job.schedule.next_after(clock.now))
        return wake_up.commit()

    return look


def test_what_is_held_is_one_row_that_says_why(
    controls, record, clock, look, handed_over, wakes
) -> None:
    job = a_job(next_due=NOW + MINUTE)
    record.add(job)

    held = controls.hold(" moving house ", "ann")
    assert controls.get().hold == held
    clock.move(minutes=1)
    look()
    assert record.rows() == []
    assert (record.job(job.id).next_due, record.job(job.id).next_run) == (NOW + MINUTE, None)
    clock.move(hours=3)
    look()
    assert record.rows() == []
    controls.release("bob")

    assert record.rows().told() == [
        (NOW + MINUTE, NOW + 181 * MINUTE, 181, State.SKIPPED, Cause.HOLD)
    ]
    assert record.rows()[0].reason == (
        "All jobs are held by ann since 2027-03-01 12:00:00 UTC: moving house."
    )
    assert record.job(job.id).next_run == NOW + 182 * MINUTE
    assert handed_over() == []
    assert controls.get() == Controls()
    assert record.audit() == [("held", "ann", "", "moving house"), ("released", "bob", "", "")]
    assert len(wakes) == 2


def test_what_was_due_before_the_hold_is_still_run(controls, record, clock, look) -> None:
    record.add(a_job())
    clock.move(seconds=5)

    controls.hold("", "ann")
    clock.move(minutes=2)
    controls.release("ann")

    assert record.rows().told() == [
        (NOW, None, 1, State.SCHEDULED, Cause.DUE),
        (NOW + MINUTE, NOW + 2 * MINUTE, 2, State.SKIPPED, Cause.HOLD),
    ]


def test_holding_twice_is_once_and_changes_the_reason(controls, record, clock) -> None:
    controls.hold("one", "ann")
    clock.move(minutes=5)
    again = controls.hold("two", "bob")
    controls.hold("two", "bob")
    controls.release("ann")
    controls.release("ann")

    assert (again.since, again.user, again.reason) == (NOW, "bob", "two")
    assert [event for event, *_ in record.audit()] == ["held", "held", "released"]


@pytest.mark.parametrize("reason", ["x" * 501, "two\nlines"])
def test_a_strange_reason_is_refused(controls, reason) -> None:
    with pytest.raises(InvalidError, match="one line of at most 500"):
        controls.hold(reason, "ann")


def test_while_held_only_runs_asked_for_by_hand_are_started(
    controls, record, runner, clock
) -> None:
    record.add(job := a_job())
    jobs = JobService(record.store, runner, clock, DEFAULTS, "UTC", lambda: None)
    clock.move(seconds=1)
    controls.hold("", "ann")  # the instant of before waits for the release
    asked = jobs.run_now(job.id, "bob")
    runner._obey()

    assert [order.execution.id for order in runner._line.take(9)] == [asked.id]
    assert runner.waiting_count == 1
    controls.release("ann")
    runner._obey()
    assert len(runner._line.take(9)) == 1


def test_a_window_is_one_row_and_is_not_looked_into(controls, record, clock, look) -> None:
    job = a_job(schedule=cron(second="*"))
    controls.set_windows(NOON, "ann")
    record.add(job)

    following = look()
    parked = record.job(job.id)

    assert record.rows() == []
    assert (following, parked.next_due, parked.next_run) == (NOW + HOUR, NOW, NOW + HOUR)
    clock.move(hours=1)
    look()
    assert record.rows().told() == [
        (NOW, NOW + HOUR - SECOND, 3600, State.SKIPPED, Cause.WINDOW),
        (NOW + HOUR, None, 1, State.SCHEDULED, Cause.DUE),
    ]
    assert (
        record.rows()[0].reason
        == "In the maintenance window 'noon', until 2027-03-01 13:00:00 UTC."
    )
    assert record.job(job.id).next_run == NOW + HOUR + SECOND


def test_what_was_due_before_a_window_is_run_in_it(controls, record, clock, look) -> None:
    controls.set_windows(NOON, "ann")
    job = a_job(schedule=cron(minute="59"), next_due=NOW - MINUTE)
    record.add(job)

    look()

    assert record.rows().told() == [(NOW - MINUTE, None, 1, State.SCHEDULED, Cause.DUE)]
    assert record.job(job.id).next_run == NOW + 59 * MINUTE


def test_windows_that_go_over_into_each_other_are_a_row_each(controls, record, clock, look) -> None:
    windows = windows_kind().read(
        [
            {"name": "noon", "crontab": "0 12 * * *", "duration": 3600},
            {"name": "after", "crontab": "30 12 * * *", "duration": 3600},
        ]
    )
    controls.set_windows(windows, "ann")
    record.add(a_job())

    ends = [look()]
    for _ in range(2):
        clock.now = ends[-1]
        ends.append(look())

    assert ends == [NOW + HOUR, NOW + 1.5 * HOUR, NOW + 1.5 * HOUR + MINUTE]
    assert [row.due_count for row in record.rows()] == [60, 30, 1]


def test_a_window_of_an_outage_is_seen_afterwards(controls, record, clock, look) -> None:
    controls.set_windows(NOON, "ann")
    record.add(a_job(next_due=NOW - HOUR))
    clock.move(hours=1, minutes=30, seconds=5)

    look()

    assert record.rows().told() == [
        (NOW - HOUR, NOW - MINUTE, 60, State.MISSED, Cause.GRACE),
        (NOW, NOW + HOUR - MINUTE, 60, State.SKIPPED, Cause.WINDOW),
        (NOW + HOUR, NOW + HOUR + 29 * MINUTE, 30, State.SKIPPED, Cause.COALESCED),
        (NOW + HOUR + 30 * MINUTE, None, 1, State.SCHEDULED, Cause.DUE),
    ]


def test_a_window_that_is_taken_away_holds_for_what_was_due_in_it(
    controls, record, clock, look
) -> None:
    controls.set_windows(NOON, "ann")
    record.add(job := a_job())
    look()
    clock.move(minutes=10, seconds=30)

    controls.set_windows((), "bob")

    assert record.rows().told() == [(NOW, NOW + 10 * MINUTE, 11, State.SKIPPED, Cause.WINDOW)]
    assert record.job(job.id).next_run == NOW + 11 * MINUTE
    assert record.audit() == [
        ("windows", "ann", "", "'noon' (0 12 * * *, 3600 s, UTC)"),
        ("windows", "bob", "", "none"),
    ]


def test_an_edit_inside_a_window_settles_what_was_due(
    controls, record, clock, look, runner
) -> None:
    jobs = JobService(record.store, runner, clock, DEFAULTS, "UTC", lambda: None)
    controls.set_windows(NOON, "ann")
    record.add(job := a_job())
    look()
    clock.move(minutes=10, seconds=30)

    paused = jobs.pause(job.id, "ann")

    assert record.rows().told() == [(NOW, NOW + 10 * MINUTE, 11, State.SKIPPED, Cause.WINDOW)]
    assert record.job(job.id) == paused
    assert look() is None


def test_the_same_once_more_leaves_no_trace(controls, record) -> None:
    controls.set_windows(NOON, "ann")
    controls.set_windows(NOON, "bob")

    assert len(record.audit()) == 1


def test_a_wake_up_leaves_what_the_hold_settled_meanwhile(
    controls, record, runner, clock, handed_over
) -> None:
    record.add(job := a_job(next_due=NOW - 2 * MINUTE))
    wake_up = WakeUp(record.store, runner, DEFAULTS)
    wake_up.begin(clock.now)
    wake_up.add(job.id)
    wake_up.move_on(job.id, NOW + MINUTE)

    controls.hold("", "ann")
    following = wake_up.commit()

    assert [row.due_count for row in record.rows()] == [2, 1]
    assert len(handed_over()) == 1
    assert (following, record.job(job.id).next_due) == (NOW + MINUTE, NOW + MINUTE)


def test_a_pause_that_is_over_is_over_before_all_are_held(controls, record, clock) -> None:
    record.add(
        job := a_job(paused_at=NOW - MINUTE, paused_by="ann", paused_until=NOW, next_due=NOW)
    )

    controls.hold("", "bob")

    assert record.rows().told() == [(NOW, None, 1, State.SCHEDULED, Cause.DUE)]
    assert not record.job(job.id).paused
    assert [event for event, *_ in record.audit()] == ["resumed", "held"]


def test_the_audit_log_tells_what_held_before_and_after(controls, changes) -> None:
    controls.hold("moving", "ann")
    controls.hold("still moving", "ann")
    controls.set_windows(NOON, "bob")
    controls.release("bob")

    noon = [{"name": "noon", "timezone": "UTC", "crontab": "0 12 * * *", "duration": 3600}]
    assert changes() == [
        [("held", False, True), ("reason", None, "moving")],
        [("reason", "moving", "still moving")],
        [("windows", [], noon)],
        [("held", True, False), ("reason", "still moving", None)],
    ]
