"""What follows from an end is recorded in its transaction, once, and handed over to be run."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from botsched.domain import mailforms
from botsched.domain.controls import Controls, Hold
from botsched.domain.crontab import CrontabSchedule
from botsched.domain.execution import Cause, Execution, State
from botsched.domain.job import Job, JobPolicy
from botsched.domain.mailrules import MailRules
from botsched.domain.paging import ExecutionFilter, Paging
from botsched.domain.retry import Retry
from botsched.domain.window import Window
from botsched.execution.recording import Recorder, record_end
from botsched.execution.run import End
from botsched.execution.waiting import Order
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from tests.support.values import DEFAULTS, NOW, a_job, an_execution
from tests.support.waiting import PATIENCE

MAILING = replace(DEFAULTS, profiles=("ops",))

UTC = ZoneInfo("UTC")
FAILED = End(State.FAILED, Cause.RAISED, "It failed.")
LOST = End(State.LOST, Cause.CRASH, "It was lost.")
SUCCEEDED = End(State.SUCCEEDED, Cause.RETURNED, "")
THRICE = Retry(3, timedelta(seconds=30), jitter=0.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "test.db"))
    yield store
    store.close()


@pytest.fixture
def add(store):
    """Add jobs as they are, and executions."""

    def add(*things: Job | Execution) -> None:
        for each in things:
            if isinstance(each, Job):
                store.write(lambda s, job=each: s.jobs.add(job))
            else:
                store.write(lambda s, row=each: s.executions.add([row]))

    return add


@pytest.fixture
def end(store):
    """Record an end of what runs by now; gives what is to be run."""

    def end(execution: Execution, ending: End, at=NOW) -> list[Order]:
        def operation(session) -> list[Order]:
            session.executions.move(execution.id, State.RUNNING, at)
            return record_end(session, execution, ending, at, MAILING)

        return store.write(operation)

    return end


@pytest.fixture
def rows(store):
    def rows(**wanted) -> list[Execution]:
        found = store.read(lambda s: s.executions.find(ExecutionFilter(**wanted), Paging()))
        return found.items

    return rows


@pytest.fixture
def mailed(store):
    return lambda row: len(store.read(lambda s: s.outbox.of_execution(row.id)))


def a_run(job: Job, **changes) -> Execution:
    return an_execution(job_id=job.id, job_name=job.name, state=State.RUNNING, **changes)


def test_an_attempt_is_the_same_run_again_later(add, end, rows, mailed) -> None:
    job = a_job(policy=JobPolicy(retry=THRICE, max_instances=7), arguments=["new"])
    first = a_run(job, arguments=["old"], due=NOW, user="ann")
    add(job, first)

    [order] = end(first, FAILED)

    second = order.execution
    assert (second.attempt, second.retry_of, second.caused_by) == (2, first.id, first.id)
    assert (second.state, second.cause) == (State.SCHEDULED, Cause.RETRY)
    assert second.reason == "Attempt 2 of 3, 30 s after attempt 1 failed."
    assert second.not_before == second.scheduled_at == NOW + timedelta(seconds=30)
    assert (second.job_id, second.arguments, second.user) == (job.id, ["old"], "ann")
    assert second.due is None  # the instant has its fate already
    assert order.policy.max_instances == 7
    assert rows(retry_of=first.id) == [second, *rows(states=frozenset({State.FAILED}))]
    assert mailed(first) == 0


def test_the_last_attempt_of_several_leads_to_a_mail(add, end, rows, mailed) -> None:
    job = a_job(policy=JobPolicy(retry=THRICE))
    first = a_run(job)
    add(job, first)

    [second] = end(first, FAILED)
    [third] = end(second.execution, LOST, NOW + timedelta(minutes=1))
    assert third.execution.reason == "Attempt 3 of 3, 60 s after attempt 2 was lost."
    assert third.execution.retry_of == first.id
    assert end(third.execution, FAILED) == []

    assert [mailed(row) for row in (first, second.execution, third.execution)] == [0, 0, 1]
    assert len(rows(retry_of=first.id)) == 3


def test_chance_is_drawn_once_and_stays_in_the_record(add, end, rows) -> None:
    job = a_job(policy=JobPolicy(retry=Retry(2, timedelta(seconds=100), jitter=1.0)))
    runs = [a_run(job) for _ in range(10)]
    add(job, *runs)

    moments = {end(run, FAILED)[0].execution.not_before for run in runs}

    assert len(moments) > 1
    assert all(100 <= (moment - NOW).total_seconds() <= 200 for moment in moments)
    assert moments == {row.not_before for row in rows(states=frozenset({State.SCHEDULED}))}


def test_jobs_that_follow_run_as_they_are_now(add, end, mailed) -> None:
    follower = a_job(name="report", arguments={"a": 1}, job_class="jobs.x.Y")
    job = a_job(policy=JobPolicy(then_run=(follower.id,), on_failure_run=("other",)))
    run = a_run(job)
    add(follower, job, run)

    [order] = end(run, SUCCEEDED)

    row = order.execution
    assert (row.state, row.cause, row.caused_by) == (State.SCHEDULED, Cause.FOLLOWED, run.id)
    assert (row.job_id, row.job_name, row.job_class) == (follower.id, "report", "jobs.x.Y")
    assert (row.arguments, row.scheduled_at, row.due) == ({"a": 1}, NOW, None)
    assert (row.not_before, row.retry_of) == (None, None)
    assert row.reason == "Runs because 'backup' succeeded."
    assert mailed(run) == 0


def test_after_the_last_failure_the_jobs_for_that_run(add, end, mailed) -> None:
    follower = a_job(name="clean up")
    policy = JobPolicy(retry=Retry(2), then_run=("other",), on_failure_run=(follower.id, "gone"))
    job = a_job(policy=policy)
    run = a_run(job)
    add(follower, job, run)

    [retry] = end(run, FAILED)
    assert retry.execution.job_id == job.id
    [order] = end(retry.execution, FAILED)

    assert order.execution.job_id == follower.id
    assert order.execution.caused_by == retry.execution.id
    assert order.execution.reason == "Runs because 'backup' failed."
    assert mailed(retry.execution) == 1


def test_a_paused_job_does_not_follow_and_says_so(add, end, rows) -> None:
    follower = a_job(paused_at=NOW, paused_by="ann")
    job = a_job(policy=JobPolicy(then_run=(follower.id,)))
    run = a_run(job)
    add(follower, job, run)

    assert end(run, SUCCEEDED) == []

    [row] = rows(job_id=follower.id)
    assert (row.state, row.cause, row.ended_at) == (State.SKIPPED, Cause.PAUSED, NOW)
    assert row.reason == (
        "Runs because 'backup' succeeded. The job was paused by ann at 2027-03-01 12:00:00 UTC."
    )


HELD = Controls(hold=Hold("eve", NOW - timedelta(minutes=1), "disk full"))
IN_A_WINDOW = Controls(
    windows=(Window("backup", CrontabSchedule.of("0 12 * * *", UTC), timedelta(hours=2)),)
)


@pytest.fixture
def control(store):
    return lambda controls: store.write(lambda s: s.controls.put(controls, NOW, "eve"))


@pytest.mark.parametrize(
    ("controls", "cause", "reason"),
    [
        (
            *(HELD, Cause.HOLD),
            "All jobs are held by eve since 2027-03-01 11:59:00 UTC: disk full.",
        ),
        (
            *(IN_A_WINDOW, Cause.WINDOW),
            "In the maintenance window 'backup', until 2027-03-01 14:00:00 UTC.",
        ),
    ],
)
def test_while_nothing_is_to_run_no_job_follows(
    add, end, rows, control, controls, cause, reason
) -> None:
    follower = a_job()
    job = a_job(policy=JobPolicy(then_run=(follower.id,)))
    run = a_run(job)
    add(follower, job, run)
    control(controls)

    assert end(run, SUCCEEDED) == []

    [row] = rows(job_id=follower.id)
    assert (row.state, row.cause) == (State.SKIPPED, cause)
    assert row.reason == f"Runs because 'backup' succeeded. {reason}"


def test_a_job_that_runs_often_enough_does_not_follow(add, end, rows) -> None:
    follower = a_job(policy=JobPolicy(max_instances=1))
    job = a_job(policy=JobPolicy(then_run=(follower.id,)))
    run = a_run(job)
    add(follower, job, run, a_run(follower))

    assert end(run, SUCCEEDED) == []

    [row] = rows(job_id=follower.id, states=frozenset({State.SKIPPED}))
    assert row.cause is Cause.OVERLAP
    assert "1 earlier run has not ended; 1 at a time is allowed." in row.reason


@pytest.mark.parametrize(
    "policy",
    [JobPolicy(retry=THRICE), JobPolicy(then_run=("x",)), JobPolicy(on_failure_run=("x",))],
)
@pytest.mark.parametrize("ending", [FAILED, SUCCEEDED])
def test_from_what_is_being_stopped_nothing_follows(add, store, end, rows, policy, ending) -> None:
    follower = a_job(id="x")
    job = a_job(policy=policy)
    run = a_run(job)
    add(follower, job, run)
    store.write(lambda s: s.executions.move(run.id, State.STOPPING, NOW))

    assert end(run, ending) == []
    assert len(rows()) == 1


def test_an_end_told_twice_hands_over_the_same_again(add, end, rows) -> None:
    """As when the connection was lost after the commit, and the end is recorded again."""
    follower = a_job()
    job = a_job(policy=JobPolicy(retry=THRICE, then_run=(follower.id,)))
    failing, succeeding = a_run(job), a_run(job)
    add(follower, job, failing, succeeding)

    retry, following = end(failing, FAILED), end(succeeding, SUCCEEDED)

    assert end(failing, FAILED) == retry
    assert end(succeeding, SUCCEEDED) == following
    assert len(rows()) == 4


@pytest.fixture
def claim(store):
    """Claim what waited, at its moment."""
    recorder = Recorder(store, lambda: NOW + timedelta(hours=1), MAILING)
    return lambda *executions: recorder.claim(list(executions)).result(PATIENCE)


def a_waiting_attempt(job: Job, user: str | None = None) -> Execution:
    return an_execution(
        job_id=job.id, attempt=2, retry_of="r1", caused_by="r1", not_before=NOW, user=user,
        cause=Cause.RETRY,
    )  # fmt: skip


def test_an_attempt_whose_moment_has_come_is_claimed_like_any_other(add, claim) -> None:
    job = a_job()
    attempt = a_waiting_attempt(job)
    add(job, attempt)

    claimed = claim(attempt)

    assert (claimed.ids, claimed.following) == ({attempt.id}, [])
    assert claim(attempt).ids == {attempt.id}  # the answer may have been lost


@pytest.mark.parametrize(
    ("job", "cause", "reason"),
    [
        (None, Cause.DELETED, "The job was deleted while this waited."),
        (
            a_job(paused_at=NOW, paused_by="ann"),
            Cause.PAUSED,
            "The job was paused by ann at 2027-03-01 12:00:00 UTC.",
        ),
    ],
)
def test_of_a_paused_or_deleted_job_no_attempt_is_made(
    add, claim, store, mailed, job, cause, reason
) -> None:
    attempt = a_waiting_attempt(job or a_job())
    add(*([job] if job else []), attempt)

    claimed = claim(attempt)

    assert (claimed.ids, claimed.following) == (set(), [])
    row = store.read(lambda s: s.executions.get(attempt.id))
    assert (row.state, row.cause, row.reason) == (State.SKIPPED, cause, reason)
    assert mailed(attempt) == 1  # of the failure nobody was told yet


def test_in_a_window_no_attempt_is_made(add, claim, control, store) -> None:
    job = a_job()
    attempt = a_waiting_attempt(job)
    add(job, attempt)
    control(IN_A_WINDOW)

    assert claim(attempt).ids == set()

    row = store.read(lambda s: s.executions.get(attempt.id))
    assert (row.state, row.cause) == (State.SKIPPED, Cause.WINDOW)


def test_an_attempt_is_made_when_the_pause_is_over(add, claim) -> None:
    job = a_job(paused_at=NOW, paused_by="ann", paused_until=NOW + timedelta(minutes=59))
    attempt = a_waiting_attempt(job)
    add(job, attempt)

    assert claim(attempt).ids == {attempt.id}


def test_a_hold_ends_no_attempt(add, claim, control) -> None:
    """It waits in the line; one that was taken just before starts like all others."""
    job = a_job()
    attempt = a_waiting_attempt(job)
    add(job, attempt)
    control(HELD)

    assert claim(attempt).ids == {attempt.id}


def test_attempts_of_what_a_user_asked_for_are_made_as_the_first_was(add, claim, control) -> None:
    job = a_job(paused_at=NOW, paused_by="ann")
    attempt = a_waiting_attempt(job, user="ann")
    add(job, attempt)
    control(IN_A_WINDOW)

    assert claim(attempt).ids == {attempt.id}


def test_when_the_last_attempt_is_not_made_the_jobs_for_failures_run(add, claim) -> None:
    follower = a_job()
    policy = JobPolicy(on_failure_run=(follower.id,))
    job = a_job(paused_at=NOW, paused_by="ann", policy=policy)
    attempt = a_waiting_attempt(job)
    add(follower, job, attempt)

    [order] = claim(attempt).following

    assert order.execution.reason == "Runs because 'backup' was skipped."
    assert [each.execution for each in claim(attempt).following] == [order.execution]


def test_runs_that_need_not_wait_are_not_looked_at_twice(add, claim) -> None:
    """A run that was asked for, or was due, runs though its job was paused meanwhile."""
    job = a_job(paused_at=NOW, paused_by="ann")
    run = an_execution(job_id=job.id)
    add(job, run)

    assert claim(run).ids == {run.id}


def rules(*given: dict[str, Any]) -> MailRules:
    return mailforms.KIND.read(list(given))


def test_the_rules_of_a_job_say_what_is_mailed_and_to_whom(store, add, end) -> None:
    to_ann = {"on": ["success"], "profiles": ["dev"], "to": ["ann@example.com"]}
    job = a_job(policy=JobPolicy(mail=rules(to_ann, {"on": ["failure"]})))
    succeeds, fails, is_lost = a_run(job), a_run(job), a_run(job)
    add(job, succeeds, fails, is_lost)
    end(succeeds, End(State.SUCCEEDED, Cause.RETURNED, ""))
    end(fails, FAILED)
    end(is_lost, LOST)

    def mails(row: Execution) -> list[tuple[str, list[str] | None, list[str] | None]]:
        found = store.read(lambda s: s.outbox.of_execution(row.id))
        return [(mail.profile, mail.to, mail.recipients) for mail in found]

    assert mails(succeeds) == [("dev", ["ann@example.com"], None)]
    assert mails(fails) == [("ops", None, None)]
    assert mails(is_lost) == []


def test_no_rules_are_no_mails_and_a_failure_that_is_tried_again_is_none_yet(
    add, end, mailed
) -> None:
    silent = a_job(policy=JobPolicy(mail=rules()))
    patient = a_job(policy=JobPolicy(retry=THRICE, mail=rules({"on": ["failure", "output"]})))
    of_silent, of_patient = a_run(silent), a_run(patient)
    add(silent, patient, of_silent, of_patient)

    assert end(of_silent, FAILED) == []
    [second] = end(of_patient, FAILED)
    assert (mailed(of_silent), mailed(of_patient)) == (0, 0)
    [third] = end(second.execution, FAILED)
    end(third.execution, FAILED)
    assert mailed(third.execution) == 1


def test_a_follower_that_may_not_run_is_mailed_by_its_own_rules(add, end, rows, mailed) -> None:
    paused = a_job(paused_at=NOW, policy=JobPolicy(mail=rules({"on": ["skipped"]})))
    job = a_job(policy=JobPolicy(on_failure_run=(paused.id,), mail=rules()))
    run = a_run(job)
    add(paused, job, run)

    end(run, FAILED)

    [skipped] = rows(caused_by=run.id)
    assert (skipped.state, mailed(skipped), mailed(run)) == (State.SKIPPED, 1, 0)
