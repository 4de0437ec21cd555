"""Whatever users do, and however late the server comes: each due instant has one fate."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botsched.scheduling.controls import ControlService
from botsched.scheduling.drafts import JobChanges, JobDraft
from botsched.scheduling.jobs import JobService
from botsched.scheduling.timing import Timing
from botsched.scheduling.verifying import verify_record
from botsched.scheduling.wakeup import WakeUp
from tests.support.values import DEFAULTS, NOW

TIMINGS = [
    Timing(cron={"minute": "*"}),
    Timing(cron={"minute": "*/7"}),
    Timing(crontab="30 * * * *"),
    Timing(every=(45, "seconds")),
]
HOUR = 3600
SPANS = [
    *(0, 0.4, 1, 31, 60, 400, 4000, -0.4, -90, -2000),
    *(5 * HOUR, 30 * HOUR, -5 * HOUR, -30 * HOUR, -90 * HOUR),
]
ACTIONS = [
    *("wake", "wake", "wake", "change", "pause", "pause a while", "resume", "rename"),
    *("hold", "release", "restart", "stay", "stay"),
]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(ACTIONS),
        st.sampled_from(SPANS),
        st.sampled_from(TIMINGS),
    ),
    min_size=1,
    max_size=12,
)


class Life:
    """A job that is changed and settled as its clock goes on, and is set."""

    def __init__(self, record, runner, clock) -> None:
        self._record, self._clock = record, clock
        self._jobs = JobService(record.store, runner, clock, DEFAULTS, "UTC", lambda: None)
        self._controls = ControlService(record.store, runner, clock, DEFAULTS, lambda: None)
        self._wake_up = WakeUp(record.store, runner, DEFAULTS)
        clock.now = NOW
        draft = JobDraft("job", "jobs.good.Good", TIMINGS[0])
        self.job_id = self._jobs.add(draft, "ann").id

    def step(self, action: str, seconds: float, timing: Timing) -> None:
        self._clock.move(seconds=seconds)
        match action:
            case "wake":
                self._wake()
            case "stay":
                self._wake()
                self._clock.move(minutes=11)
                self._wake()
            case "restart":
                self._wake_up.begin_anew()
                self._wake()
            case "change":
                self._jobs.change(self.job_id, JobChanges(timing=timing), "ann")
            case "pause a while":
                until = self._clock.now + timedelta(minutes=5)
                self._jobs.pause(self.job_id, "ann", until)
            case "hold":
                self._controls.hold("Mains off.", "ann")
            case "release":
                self._controls.release("ann")
            case "rename":
                name = f"job at {self._clock.now}"
                self._jobs.change(self.job_id, JobChanges(name=name), "ann")
            case _:
                getattr(self._jobs, action)(self.job_id, "ann")

    def delete(self) -> None:
        """Release the hold, for whoever comes next, and delete the job."""
        self._controls.release("ann")
        self._jobs.delete(self.job_id, "ann")

    def _wake(self) -> None:
        for job in self._wake_up.begin(self._clock.now):
            self._wake_up.add(job.id)
            self._wake_up.move_on(job.id, job.schedule.next_after(self._clock.now))
        self._wake_up.commit()

    def verdict(self):
        start, end = NOW - timedelta(days=30), NOW + timedelta(days=30)
        return verify_record(self._record.store, start, end, end, self.job_id)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_the_record_holds_through_changes_outages_and_clocks_that_are_set(
    record, runner, clock, steps
) -> None:
    life = Life(record, runner, clock)

    for step in steps:
        life.step(*step)
        verdict = life.verdict()
        assert verdict.clean, verdict.findings

    life.delete()
    verdict = life.verdict()
    assert verdict.counts == {}, verdict.findings
