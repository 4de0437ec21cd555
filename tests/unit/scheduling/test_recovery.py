"""What an earlier server left open is found again, and settled."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from botsched.domain.controls import Controls, Hold
from botsched.domain.execution import Cause, Execution, State
from botsched.domain.job import JobPolicy
from botsched.domain.retry import Retry
from botsched.execution.forkserver.protocol import MARKER
from botsched.execution.processes import boot_id, start_time
from botsched.scheduling.recovery import recover
from tests.support.values import DEFAULTS, NOW, a_job, an_execution
from tests.support.waiting import PATIENCE

HOUR = timedelta(hours=1)
MAILING = replace(DEFAULTS, profiles=("ops",))


def recovered(record, profiles: tuple[str, ...] = ()) -> list[str]:
    orders = recover(record.store, replace(DEFAULTS, profiles=profiles), NOW)
    return [order.execution.id for order in orders]


@pytest.mark.parametrize("state", [State.RUNNING, State.STOPPING])
def test_what_ran_is_lost_and_mailed(record, state) -> None:
    execution = an_execution(state=state, boot_id=boot_id(), pid=None)
    record.add_executions(execution)

    assert recovered(record, ("ops", "dev")) == []

    row = record.execution(execution.id)
    assert (row.state, row.cause, row.ended_at) == (State.LOST, Cause.CRASH, NOW)
    assert row.reason == "The server ended unexpectedly while it ran."
    mails = record.store.read(lambda s: s.outbox.of_execution(execution.id))
    assert {mail.profile for mail in mails} == {"ops", "dev"}


def test_after_a_restart_of_the_machine_it_says_so(record) -> None:
    execution = an_execution(state=State.RUNNING, boot_id="another boot", pid=1, pid_started=1)
    record.add_executions(execution)

    recovered(record)

    row = record.execution(execution.id)
    assert (row.state, row.cause) == (State.LOST, Cause.REBOOT)
    assert row.reason == "The machine restarted while it ran."


@pytest.fixture
def sleeper():
    """A process with a group of its own, as runs have."""
    processes = []

    def start(**environment: str) -> subprocess.Popen:
        command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(600)"]
        process = subprocess.Popen(
            command, start_new_session=True, env=environment, stdout=subprocess.PIPE
        )
        processes.append(process)
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()


def test_a_process_that_still_lives_is_killed(record, sleeper) -> None:
    process = sleeper()
    execution = an_execution(
        state=State.RUNNING,
        boot_id=boot_id(),
        pid=process.pid,
        pid_started=start_time(process.pid),
    )
    record.add_executions(execution)

    recovered(record)

    assert process.wait(PATIENCE) == -9


def test_what_it_started_is_killed_too(record, sleeper) -> None:
    execution = an_execution(state=State.RUNNING, boot_id=boot_id())
    stray = sleeper(**{MARKER: execution.id})
    record.add_executions(execution)

    recovered(record)

    assert stray.wait(PATIENCE) == -9


@pytest.mark.parametrize(
    "changes",
    [{"boot_id": "another boot"}, {"pid_started": 1}, {"pid_started": None}],
    ids=["another boot", "another process of that pid", "not known which"],
)
def test_a_process_that_may_be_another_is_left_alone(record, sleeper, changes) -> None:
    process = sleeper(**{MARKER: "another execution"})
    execution = an_execution(
        state=State.RUNNING,
        boot_id=boot_id(),
        pid=process.pid,
        pid_started=start_time(process.pid),
    )
    record.add_executions(replace(execution, **changes))

    recovered(record)

    assert process.poll() is None
    assert record.execution(execution.id).state is State.LOST


def test_what_waited_is_run_within_its_grace_and_missed_after_it(record) -> None:
    job = a_job(policy=JobPolicy(misfire=timedelta(hours=5), max_instances=1))
    record.add(job)
    kept = an_execution(job_id=job.id, due=NOW - 5 * HOUR, scheduled_at=NOW - 5 * HOUR)
    recent = an_execution(scheduled_at=NOW - HOUR)
    missed = an_execution(scheduled_at=NOW - HOUR - timedelta(seconds=1))
    record.add_executions(recent, kept, missed)

    orders = recover(record.store, MAILING, NOW)

    assert [(order.execution.id, order.policy.max_instances) for order in orders] == [
        (kept.id, 1),
        (recent.id, DEFAULTS.max_instances),
    ]
    row = record.execution(missed.id)
    assert (row.state, row.cause, row.ended_at) == (State.MISSED, Cause.GRACE, NOW)
    assert "came back more than 3600 s after it was due" in row.reason
    assert record.execution(recent.id) == recent
    assert record.store.read(lambda s: s.outbox.of_execution(missed.id)) == []


def test_what_waits_in_a_queue_or_for_a_release_is_run_however_late(record) -> None:
    job = a_job(policy=JobPolicy(queue=3))
    record.add(job)
    queued = an_execution(job_id=job.id, scheduled_at=NOW - 9 * HOUR)
    other = an_execution(scheduled_at=NOW - 9 * HOUR)
    record.add_executions(queued, other)
    hold = Controls(hold=Hold("ann", NOW - 8 * HOUR, ""))

    record.store.write(lambda s: s.controls.put(hold, NOW, "ann"))
    assert set(recovered(record)) == {queued.id, other.id}
    record.store.write(lambda s: s.controls.put(Controls(), NOW, "ann"))
    assert recovered(record) == [queued.id]


def test_what_has_ended_is_left_as_it_is(record) -> None:
    ended = an_execution(state=State.SUCCEEDED)
    record.add_executions(ended)

    assert recovered(record) == []
    assert record.rows() == [ended]


THRICE = Retry(3, timedelta(minutes=5), jitter=0.0)


def test_what_was_lost_is_tried_again_and_handed_over(record) -> None:
    job = a_job(policy=JobPolicy(retry=THRICE))
    record.add(job)
    lost = an_execution(job_id=job.id, state=State.RUNNING, boot_id=boot_id())
    record.add_executions(lost)

    [order] = recover(record.store, MAILING, NOW)

    assert (order.execution.retry_of, order.execution.attempt) == (lost.id, 2)
    assert order.execution.not_before == NOW + timedelta(minutes=5)
    assert record.execution(order.execution.id) == order.execution
    assert order.execution.reason == "Attempt 2 of 3, 300 s after attempt 1 was lost."
    assert record.store.read(lambda s: s.outbox.of_execution(lost.id)) == []


def test_what_was_being_stopped_is_not_tried_again(record) -> None:
    job = a_job(policy=JobPolicy(retry=THRICE))
    record.add(job)
    record.add_executions(an_execution(job_id=job.id, state=State.STOPPING, boot_id=boot_id()))

    assert recovered(record) == []


def an_attempt(job, moment) -> Execution:
    return an_execution(
        job_id=job.id, attempt=2, retry_of="r", caused_by="r", not_before=moment,
        scheduled_at=moment, updated_at=NOW - 9 * HOUR,
    )  # fmt: skip


@pytest.mark.parametrize("hours", [-1, 0, 1, 9000])
def test_an_attempt_that_waits_for_its_moment_is_not_missed(record, hours) -> None:
    job = a_job(policy=JobPolicy(retry=THRICE))
    record.add(job)
    attempt = an_attempt(job, NOW + hours * HOUR)
    record.add_executions(attempt)

    [order] = recover(record.store, DEFAULTS, NOW)

    assert order.execution == attempt


def test_an_attempt_whose_moment_went_by_too_long_ago_leaves_a_failure(record) -> None:
    follower = a_job(name="mender")
    job = a_job(policy=JobPolicy(retry=THRICE, on_failure_run=(follower.id,)))
    record.add(job, follower)
    attempt = an_attempt(job, NOW - HOUR - timedelta(seconds=1))
    record.add_executions(attempt)

    [order] = recover(record.store, MAILING, NOW)

    assert record.execution(attempt.id).state is State.MISSED
    assert len(record.store.read(lambda s: s.outbox.of_execution(attempt.id))) == 1
    assert (order.execution.job_id, order.execution.caused_by) == (follower.id, attempt.id)
    assert order.execution.reason == "Runs because 'backup' was missed."
