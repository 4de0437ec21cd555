"""Whatever holds when, and whoever changes it: every due instant gets one fate."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from botsched.domain.closures import closures_of
from botsched.domain.controls import Controls, Hold
from botsched.domain.execution import Cause, Execution, State
from botsched.domain.job import Job, JobPolicy, Missed
from botsched.domain.window import Window, windows_kind
from botsched.scheduling.settling import Look, Settled, settle
from tests.support.values import DEFAULTS, NOW, a_job, cron

SCHEDULES = [cron(second="*/20"), cron(minute="*/3"), cron(hour="*", minute="59")]
WINDOWS = windows_kind().read(
    [
        {"name": "own", "crontab": "*/30 * * * *", "duration": 600},
        {"name": "half", "crontab": "10 */2 * * *", "duration": 1800},
        {"name": "once", "from": "2027-03-01T14:00Z", "to": "2027-03-01T19:30Z"},
    ]
)


class Day:
    """A job and all that is done to it, as the scheduler and the services do it."""

    def __init__(self, job: Job) -> None:
        self.job, self.now, self.controls = job, NOW, Controls()
        self.rows: list[Execution] = []
        self.closed: list[tuple[datetime, datetime]] = []

    def settle(self, *, parking: bool = False) -> None:
        settled, look = Settled(), Look(self.now, DEFAULTS, self.controls)
        left = settle(self.job, look, 0, settled, parking=parking)
        self.check_runs(settled)
        self.rows += settled.executions
        following = self.job.schedule.next_after(self.now)
        self.job = replace(self.job.after_pause(self.now), next_due=following, parked_until=None)
        if left is not None:
            assert left.until > self.now
            self.job = replace(self.job, next_due=left.first, parked_until=left.until)

    def check_runs(self, settled: Settled) -> None:
        for row in settled.executions:
            shut = closures_of(self.job, self.controls, self.job.next_due, self.now)
            inside = any(closure.covers(row.due) for closure in shut)
            assert inside == (row.cause in (Cause.PAUSED, Cause.HOLD, Cause.WINDOW))

    def look(self) -> None:
        """A wake-up: of jobs that are kept from running, the scheduler hears when that ends."""
        at = self.job.paused_until if self.job.paused else self.job.parked_until
        if (at is not None and at <= self.now) or (at is None and not self.job.paused):
            self.settle(parking=not self.job.paused)

    def hold(self) -> None:
        self.settle()
        self.controls = replace(self.controls, hold=Hold("ann", self.now, ""))

    def release(self) -> None:
        self.settle()
        if self.controls.hold is not None:
            self.closed.append((self.controls.hold.since, self.now))
        self.controls = replace(self.controls, hold=None)

    def windows(self) -> None:
        self.settle()
        other: tuple[Window, ...] = () if self.controls.windows else WINDOWS
        self.controls = replace(self.controls, windows=other)

    def pause(self, until: timedelta | None = None) -> None:
        self.settle()
        end = None if until is None else self.now + until
        self.job = replace(self.job, paused_at=self.now, paused_by="ann", paused_until=end)

    def pause_a_while(self) -> None:
        self.pause(timedelta(minutes=25, seconds=7))

    def resume(self) -> None:
        since, until = self.job.paused_at, self.job.paused_until or self.now
        if since is not None:
            self.closed.append((since, min(until, self.now)))
        self.settle()
        self.job = replace(self.job, paused_at=None, paused_by=None, paused_until=None)


DEEDS = [Day.look, Day.hold, Day.release, Day.windows, Day.pause, Day.pause_a_while, Day.resume]


@settings(deadline=None)
@given(
    schedule=st.sampled_from(SCHEDULES),
    policy=st.builds(
        JobPolicy,
        missed=st.none() | st.sampled_from(Missed),
        misfire=st.none() | st.integers(0, 9000).map(lambda each: timedelta(seconds=each)),
        windows=st.sampled_from([None, WINDOWS[:1], WINDOWS]),
    ),
    deeds=st.lists(st.tuples(st.integers(0, 9000), st.sampled_from(DEEDS)), max_size=30),
)
def test_every_due_instant_gets_one_fate_whatever_is_done(schedule, policy, deeds) -> None:
    first = schedule.next_after(NOW)
    day = Day(a_job(schedule=schedule, policy=policy, next_due=first))

    for seconds, deed in deeds:
        day.now += timedelta(seconds=seconds, milliseconds=1)
        deed(day)
    day.now += timedelta(hours=1)
    day.resume()
    day.release()

    rows = sorted(day.rows, key=lambda row: row.scheduled_at)
    assert sum(row.due_count for row in rows) == schedule.count(first, day.now)
    for row, following in pairwise(rows):
        assert schedule.next_after(row.due_last or row.due) == following.due
    for row in rows:
        assert row.due_count == schedule.count(row.due, row.due_last or row.due)
        assert row.reason
        if row.state is State.SCHEDULED:
            assert not any(start < row.due < end for start, end in day.closed)
            assert row.cause is Cause.DUE
