"""A clock that was hours ahead and is set back: the jobs run again, and the record holds."""

import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from botsched.domain.execution import Cause, State
from botsched.domain.job import JobPolicy, Missed
from botsched.domain.jobversion import Change
from botsched.domain.once import OnceSchedule
from botsched.domain.window import windows_kind
from botsched.scheduling.controls import ControlService
from botsched.scheduling.drafts import JobChanges
from botsched.scheduling.jobs import JobService
from botsched.scheduling.timing import Timing
from botsched.scheduling.verifying import verify_record
from botsched.scheduling.wakeup import WakeUp
from tests.support.values import DEFAULTS, NOW, a_job, cron

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TICK = timedelta(microseconds=1)


class Server:
    """The scheduler of one server after the other, on one record."""

    def __init__(self, record, runner, clock) -> None:
        self.record, self._runner, self.clock = record, runner, clock
        self.jobs = JobService(record.store, runner, clock, DEFAULTS, "UTC", lambda: None)
        self.controls = ControlService(record.store, runner, clock, DEFAULTS, lambda: None)
        self.restart()

    def restart(self) -> None:
        self._wake_up = WakeUp(self.record.store, self._runner, DEFAULTS)

    def look(self, **span: float) -> None:
        """Let so much time go by, and wake up."""
        self.clock.move(**span)
        for job in self._wake_up.begin(self.clock.now):
            self._wake_up.add(job.id)
            self._wake_up.move_on(job.id, job.schedule.next_after(self.clock.now))
        self._wake_up.commit()

    def verify(self) -> None:
        start, end = NOW - timedelta(days=9), NOW + timedelta(days=9)
        for until in (self.clock.now, end):
            verdict = verify_record(self.record.store, start, end, until)
            assert verdict.clean, verdict.findings


@pytest.fixture
def server(record, runner, clock) -> Server:
    return Server(record, runner, clock)


def add(server: Server, **changes):
    created = min(changes.get("next_due") or NOW, NOW + MINUTE) - MINUTE / 2
    job = a_job(created_at=created, **changes)
    server.record.add(job)
    return job


def seen(server: Server) -> list[tuple]:
    return [(row.due, row.due_last, row.due_count, row.state) for row in server.record.rows()]


def test_what_was_recorded_ahead_counts_for_nothing_and_the_job_runs_again(server, caplog) -> None:
    job = add(server, next_due=NOW + MINUTE)
    server.look(minutes=1)
    server.look(hours=5)
    server.look(minutes=1)
    ahead = server.record.rows()[-1]
    assert ahead.due == NOW + 5 * HOUR + 2 * MINUTE

    server.look(hours=-5)
    assert server.record.job(job.id).next_due > NOW + 5 * HOUR
    server.look(minutes=9)
    assert server.record.job(job.id).next_due > NOW + 5 * HOUR
    server.look(minutes=1)

    back = NOW + 2 * MINUTE
    released = [row for row in server.record.rows() if row.due is None]
    assert ahead.id in {row.id for row in released}
    assert all((row.due_last, row.due_count) == (None, 1) for row in released)
    note = "The clock was 5.0 h ahead; this row counts for no instant."
    assert all(row.reason.endswith(note) for row in released)
    after = server.record.job(job.id)
    assert (after.next_due, after.version) == (back + 11 * MINUTE, 2)
    rows = [row for row in server.record.rows() if row.due is not None]
    # Before the clock was set back, at its moment, and while it was waited.
    assert [(row.due, row.due_last, row.due_count) for row in rows] == [
        (NOW + MINUTE, None, 1),
        (back, None, 1),
        (back + MINUTE, back + 9 * MINUTE, 9),
        (back + 10 * MINUTE, None, 1),
    ]
    assert rows[1].reason.endswith("the rest of its instants came again.")
    history = server.record.store.read(lambda s: s.job_history.of(job.id))
    assert [(each.change, each.since) for each in history[1:]] == [(Change.SET_BACK, back + TICK)]
    server.verify()
    warnings = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert [each[:36] for each in warnings] == [
        "The clock was set back by 5.0 h. If ",
        "The clock was 5.0 h ahead until it w",
    ]


def test_less_than_three_hours_are_waited_for(server, caplog) -> None:
    job = add(server)
    server.look(hours=2.9)
    before = seen(server)

    for _ in range(3):
        server.look(hours=-2.9)
        server.look(minutes=30)
        server.restart()
        server.look(hours=2.4)
        assert seen(server) == before

    assert server.record.job(job.id).version == 1
    assert caplog.records == []


def test_a_clock_that_is_right_again_within_minutes_changes_nothing(server) -> None:
    job = add(server)
    server.look()
    before = seen(server)

    server.look(days=-3)
    server.look(minutes=9)
    server.look(days=3)
    assert server.record.job(job.id).version == 1
    server.look(days=-3)  # the time that is waited begins anew

    server.look(minutes=9)
    assert server.record.job(job.id).version == 1
    assert seen(server)[: len(before)] == before


def test_a_time_before_this_program_was_made_is_not_believed(server) -> None:
    job = add(server)
    server.look()
    for now in (datetime(1970, 1, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC)):
        server.restart()
        server.clock.now = now
        server.look()
        server.look(minutes=11)

    assert server.record.job(job.id).version == 1
    assert [row.due for row in server.record.rows()] == [NOW]


def test_a_server_that_starts_after_the_clock_was_set_back_sees_it_in_the_record(server) -> None:
    job = add(server, next_due=NOW + MINUTE)
    server.look(days=5)
    server.look(minutes=1)
    server.clock.move(days=-5)

    for minutes in (0, 5, 9):  # killed once meanwhile
        if minutes < 9:
            server.restart()
        server.look(minutes=minutes)
        assert server.record.job(job.id).version == 1
    server.look(minutes=1)

    assert server.record.job(job.id).version == 2
    assert server.record.job(job.id).next_due == server.clock.now + MINUTE
    server.verify()


def test_jobs_that_are_not_due_for_long_are_not_touched(server) -> None:
    yearly = add(server, schedule=cron(month="1", day="1", hour="0"), name="yearly")
    following = yearly.schedule.next_after(NOW)
    server.record.store.write(lambda s: s.jobs.set_next_due({yearly.id: following}))
    done = add(
        server, schedule=OnceSchedule(NOW - HOUR, ZoneInfo("UTC")), next_due=None, name="done"
    )
    minutely = add(server, name="minutely")
    server.look(hours=9)
    server.look(hours=-9)
    server.look(minutes=11)

    versions = [server.record.job(job.id).version for job in (yearly, done, minutely)]
    assert versions == [1, 1, 2]
    assert server.record.job(yearly.id).next_due == following
    server.verify()


def test_an_instant_that_comes_only_once_comes_again(server) -> None:
    at = NOW + 30 * HOUR
    job = add(server, schedule=OnceSchedule(at, ZoneInfo("UTC")), next_due=at)
    server.look(days=2)
    assert server.record.job(job.id).next_due is None

    server.look(days=-2)
    server.restart()
    server.look()
    server.look(minutes=11)

    assert server.record.job(job.id).next_due == at
    server.look(hours=30)
    assert [(row.due, row.state) for row in server.record.rows()] == [
        *((None, State.MISSED), (at, State.SCHEDULED)),
    ]
    server.verify()


def test_what_was_changed_and_added_in_the_wrong_future(server) -> None:
    job = add(server)
    server.look(days=4)
    timing = Timing(cron={"minute": "*/5"})
    server.jobs.change(job.id, JobChanges(timing=timing), "ann")
    yearly = cron(month="3", day="2", hour="0")
    added = {"created_at": server.clock.now, "schedule": yearly}
    gone, created = (a_job(**added, next_due=yearly.next_after(server.clock.now)) for _ in "12")
    server.record.add(gone, created)
    server.record.store.write(lambda s: s.jobs.delete(gone.id, server.clock.now))

    server.look(days=-4, minutes=2)
    server.look(minutes=10)

    assert server.record.job(job.id).next_due == NOW + 15 * MINUTE
    assert server.record.job(created.id).next_due == NOW + 12 * HOUR
    server.verify()
    server.look(hours=1)
    server.verify()


def test_a_job_without_instants_there_can_be_changed_again(server) -> None:
    yearly = cron(month="1", day="1", hour="0")
    job = add(server, schedule=yearly, next_due=yearly.next_after(NOW))
    server.look(days=4)
    server.jobs.change(job.id, JobChanges(name="changed"), "ann")
    server.look(days=-4)
    server.look(minutes=10)

    server.jobs.change(job.id, JobChanges(timing=Timing(cron={"minute": "*"})), "ann")

    assert server.record.job(job.id).next_due == NOW + 11 * MINUTE
    server.verify()


def test_a_paused_job_stays_paused_and_goes_on_when_it_is_resumed(server) -> None:
    job = add(server)
    server.look(days=4)
    server.jobs.pause(job.id, "ann")
    server.look(days=-4)
    server.look(minutes=10)
    after = server.record.job(job.id)
    assert (after.paused, after.next_due) == (True, NOW + MINUTE)

    server.look(minutes=5)
    server.jobs.resume(job.id, "ann")

    assert server.record.job(job.id).next_due == NOW + 16 * MINUTE
    last = server.record.rows()[-1]
    skipped = next(row for row in server.record.rows() if row.due == NOW + MINUTE)
    assert (skipped.due_count, skipped.cause) == (15, Cause.PAUSED)
    assert last.due is None
    server.verify()


def test_a_hold_that_began_in_the_wrong_future_holds(server) -> None:
    job = add(server)
    server.look(days=4)
    server.controls.hold("Mains off.", "ann")
    server.look(minutes=3)
    server.look(days=-4)
    server.look(minutes=10)
    server.look(minutes=30)
    held = server.record.job(job.id)
    assert held.next_run is None

    server.controls.release("ann")
    server.look()

    skipped = [row for row in server.record.rows() if row.cause is Cause.HOLD]
    assert sum(row.due_count for row in skipped) == 40
    assert server.record.job(job.id).next_run == server.clock.now + MINUTE
    server.verify()


def test_a_hold_that_is_released_with_the_clock_set_back_a_little_keeps_no_job(server) -> None:
    job = add(server)
    server.look()
    server.controls.hold("", "ann")
    server.look(minutes=1)
    server.look(minutes=-5)

    server.controls.release("ann")

    assert server.record.job(job.id).next_run == NOW + MINUTE
    server.verify()


def test_a_window_of_the_wrong_future_keeps_no_job(server) -> None:
    window = windows_kind().read(
        [
            {
                "name": "far",
                "from": (NOW + 24 * HOUR).isoformat(),
                "to": (NOW + 72 * HOUR).isoformat(),
            }
        ]
    )
    job = add(server, policy=JobPolicy(windows=window), schedule=cron(hour="*/6", minute="0"))
    server.look(hours=25)
    assert server.record.job(job.id).next_run == NOW + 72 * HOUR

    server.look(hours=-25)
    server.look(minutes=11)

    assert server.record.job(job.id).next_run == NOW + 6 * HOUR
    server.verify()


def test_what_waits_or_runs_goes_on_as_a_run_without_an_instant(server, handed_over) -> None:
    add(server, policy=JobPolicy(Missed.ALL, misfire=timedelta(minutes=3)))
    server.look(hours=5)
    waiting = handed_over()

    server.look(hours=-5)
    server.look(minutes=10)

    rows = {row.id: row for row in server.record.rows()}
    assert [(rows[each].due, rows[each].state) for each in waiting] == [
        (None, State.SCHEDULED)
    ] * len(waiting)
    server.verify()


def test_what_was_healed_in_part_is_healed_by_the_next_server(server, monkeypatch) -> None:
    jobs = [add(server, name=f"job {number}") for number in range(5)]
    server.look(hours=5)
    server.look(hours=-5)
    monkeypatch.setattr("botsched.scheduling.setback._JOBS", 2)
    write, left = server.record.store.write, [2]

    def killed(operation, **how):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return write(operation, **how)

    monkeypatch.setattr(server.record.store, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        server.look(minutes=10)
    monkeypatch.setattr(server.record.store, "write", write)
    versions = sorted(server.record.job(job.id).version for job in jobs)
    assert versions == [1, 1, 1, 2, 2]

    server.restart()
    server.look()
    server.verify()
    server.look(minutes=10)

    assert {server.record.job(job.id).version for job in jobs} == {2}
    server.verify()


def test_rows_are_looked_through_only_when_the_clock_went_back(server, monkeypatch) -> None:
    add(server)
    server.look()
    monkeypatch.setattr("botsched.store.jobs.Jobs.not_due_until", None)

    for _ in range(3):
        server.look(minutes=1)


def test_after_another_server_scheduled_its_record_is_read(record, runner) -> None:
    wake_up = WakeUp(record.store, runner, DEFAULTS)
    wake_up.begin(NOW)
    record.add(job := a_job(next_due=NOW + 5 * HOUR))

    for minutes in (0, 5, 11):
        wake_up.begin(NOW + minutes * MINUTE)
    assert record.job(job.id).version == 1
    wake_up.begin_anew()
    for minutes in (20, 30):
        wake_up.begin(NOW + minutes * MINUTE)

    assert record.job(job.id).next_due == NOW + 21 * MINUTE
