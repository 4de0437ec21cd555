"""Mails are owed in the transaction of the end, by what the record says of the runs before."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from botsched.domain import mailforms
from botsched.domain.execution import Cause, State
from botsched.domain.job import Job, JobPolicy
from botsched.domain.keeping import Expired
from botsched.domain.mailhistory import LOOKED_BACK
from botsched.domain.mailrules import MailDefaults, Occasion
from botsched.domain.outbox import Mail, MailState
from botsched.execution.mailing import owe_of_unrun
from botsched.execution.recording import record_end
from botsched.execution.run import End
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.session import Session
from botsched.store.store import Store
from tests.support.values import DEFAULTS, NOW, a_job, an_execution

MINUTE, MONTH = timedelta(minutes=1), timedelta(days=31)
MAILING = replace(DEFAULTS, profiles=("ops",))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "test.db"))
    yield store
    store.close()


@pytest.fixture
def new_job(store: Store) -> Callable[..., Job]:
    """A job with these rules of mail."""

    def new_job(*rules: dict[str, Any]) -> Job:
        mail = mailforms.KIND.read(list(rules)) if rules else None
        job = a_job(policy=JobPolicy(mail=mail))
        return store.write(lambda session: session.jobs.add(job))

    return new_job


@pytest.fixture
def end(store: Store) -> Callable[..., list[Mail]]:
    """End a run of a job now; gives the mails about it."""

    def end(job: Job, state: State, at: datetime = NOW, **changes: Any) -> list[Mail]:
        def operation(session: Session) -> list[Mail]:
            row = an_execution(job_id=job.id, state=State.RUNNING, updated_at=at)
            session.executions.add([row])
            record_end(session, row, End(state, Cause.RETURNED, "", changes), at, MAILING)
            return session.outbox.of_execution(row.id)

        return store.write(operation)

    return end


def add_past(store: Store, job: Job, *states: State, until: datetime = NOW - MINUTE) -> list[str]:
    """Runs that ended before, a minute apart, the last one then; and none was mailed."""
    begin = until - (len(states) - 1) * MINUTE
    rows = [
        an_execution(job_id=job.id, state=state, updated_at=begin + number * MINUTE)
        for number, state in enumerate(states)
    ]
    store.write(lambda session: session.executions.add(rows))
    return [row.id for row in rows]


def test_all_that_is_known_of_an_incident_goes_with_the_mail(new_job, end) -> None:
    job = new_job()
    [first] = end(job, State.FAILED, NOW)
    [second] = end(job, State.TIMEOUT, NOW + MINUTE)
    [last] = end(job, State.SUCCEEDED, NOW + 2 * MINUTE)

    assert first.thread == second.thread == last.thread == first.execution_id
    assert [mail.why.failures for mail in (first, second, last)] == [1, 2, 2]
    assert {mail.why.since for mail in (first, second, last)} == {NOW}
    assert last.why.occasions == (Occasion.RECOVERED,)
    assert (last.job_id, last.audience) == (job.id, first.audience)


def test_runs_of_which_nobody_was_told_count(store, new_job, end) -> None:
    job = new_job()
    states, then = [State.SUCCEEDED, *[State.FAILED] * 30], NOW - timedelta(days=1)
    _, first, *_ = add_past(store, job, *states, until=then)
    add_past(store, job, *[State.SKIPPED] * LOOKED_BACK)

    [mail] = end(job, State.LOST)
    assert (mail.thread, mail.why.failures) == (first, 31)
    assert mail.why.since == then - 29 * MINUTE


def test_what_is_looked_at_of_a_long_incident_is_bounded(store, new_job, end) -> None:
    job = new_job({"on": ["broken", "still_failing", "recovered"], "every": 60})
    past = add_past(store, job, *[State.FAILED] * (LOOKED_BACK + 100))

    [mail] = end(job, State.FAILED)
    assert mail.why.occasions == (Occasion.STILL_FAILING,)  # how long ago it began is not known
    assert mail.why.failures == LOOKED_BACK
    assert mail.thread in past

    [again] = end(job, State.FAILED, NOW + MINUTE)
    assert (again.thread, again.why.failures) == (mail.thread, LOOKED_BACK + 1)
    [over] = end(job, State.SUCCEEDED, NOW + 2 * MINUTE)
    assert (over.thread, over.why.since) == (mail.thread, mail.why.since)


def test_a_long_incident_keeps_the_beginning_that_was_told(store, new_job, end) -> None:
    job = new_job({"on": ["broken", "recovered"]})
    [broken] = end(job, State.FAILED, NOW - 1000 * MINUTE)
    add_past(store, job, *[State.FAILED] * LOOKED_BACK)

    [over] = end(job, State.SUCCEEDED)
    assert (over.thread, over.why.since) == (broken.thread, broken.created_at)
    assert over.why.failures == LOOKED_BACK - 1  # and the success


def test_reminders_count_from_the_last_one_in_an_incident_however_long(store, new_job, end) -> None:
    job = new_job({"on": ["still_failing"], "every": 3600})
    add_past(store, job, *[State.FAILED] * (LOOKED_BACK + 1))

    told = [bool(end(job, State.FAILED, NOW + number * 10 * MINUTE)) for number in range(13)]
    assert [number for number, each in enumerate(told) if each] == [0, 6, 12]


def test_a_job_that_was_deleted_is_mailed_by_the_servers_rules(store, new_job, end) -> None:
    job = new_job({"on": ["missed"]})
    add_past(store, job, State.SUCCEEDED, State.FAILED)
    store.write(lambda session: session.jobs.delete(job.id, NOW, "ann"))

    [mail] = end(job, State.SUCCEEDED)
    assert (mail.why.occasions, mail.why.source) == ((Occasion.RECOVERED,), "server")


def test_how_a_run_ended_is_known_when_its_record_is_not_kept(store, new_job, end) -> None:
    job = new_job({"on": ["broken", "recovered"]})
    [broken] = end(job, State.FAILED, NOW - MONTH)
    forget(store, broken)

    assert end(job, State.FAILED) == []
    [over] = end(job, State.SUCCEEDED, NOW + MINUTE)
    assert (over.why.occasions, over.why.failures) == ((Occasion.RECOVERED,), 1)

    usual = new_job()
    [lost] = end(usual, State.LOST)
    forget(store, lost)
    [over] = end(usual, State.SUCCEEDED, NOW + MONTH)
    assert (over.thread, over.why.since) == (lost.thread, NOW)


def forget(store: Store, mail: Mail) -> None:
    """Delete an execution with its mail, as after the time for which it is kept."""
    store.write(lambda session: session.mail_list.discard(mail.id, "", NOW))
    expired = Expired(mail.execution_id, mail.job_id, None)
    store.write(lambda session: session.expiry.delete([expired]))


def test_runs_of_other_jobs_do_not_count(store, new_job, end) -> None:
    job, other = new_job({"on": ["recovered", "changed"]}), new_job()
    add_past(store, other, State.FAILED)
    end(other, State.SUCCEEDED, result=7)
    end(other, State.FAILED)

    assert end(job, State.SUCCEEDED, result=1) == []
    assert [mail.why.occasions for mail in end(job, State.SUCCEEDED, result=2)] == [
        (Occasion.CHANGED,)
    ]


@pytest.mark.parametrize(
    ("before", "now", "changed"),
    [
        ({}, {}, False),
        ({"result": {"a": 1, "b": 2}}, {"result": {"b": 2, "a": 1}}, False),
        ({"result": 1}, {"result": 2}, True),
        ({"result": 1}, {}, True),
        ({"report": ["x"], "result": 1}, {"report": ["x"], "result": 2}, False),
        ({"report": ["x"]}, {"report": ["y"]}, True),
        ({"report": ["x"], "result": 1}, {"result": 1}, True),
        ({"result": float("nan")}, {"result": float("nan")}, False),
    ],
)
def test_a_report_is_compared_and_without_one_the_result(
    new_job, end, before, now, changed
) -> None:
    job = new_job({"on": ["changed"]})

    assert end(job, State.SUCCEEDED, NOW, **before) == []
    end(job, State.FAILED, NOW + MINUTE)
    assert len(end(job, State.SUCCEEDED, NOW + 2 * MINUTE, **now)) == changed


def test_a_server_without_profiles_asks_nothing(store, new_job, monkeypatch) -> None:
    job = new_job()
    add_past(store, job, State.FAILED)
    asked: list[str] = []

    def operation(session: Session) -> None:
        row = an_execution(job_id=job.id, state=State.RUNNING)
        session.executions.add([row])
        monkeypatch.setattr(session.job_runs, "attempts", lambda *_: asked.append("attempts"))
        monkeypatch.setattr(session.mail_counts, "last_incident", lambda *_: asked.append("mails"))
        record_end(session, row, End(State.SUCCEEDED, Cause.RETURNED, ""), NOW, DEFAULTS)

    store.write(operation)
    assert asked == []


def test_a_success_behind_another_asks_nothing_of_the_past(
    store, new_job, end, monkeypatch
) -> None:
    job = new_job()
    end(job, State.SUCCEEDED)

    def operation(session: Session) -> list[Mail]:
        row = an_execution(job_id=job.id, state=State.RUNNING)
        session.executions.add([row])
        monkeypatch.setattr(session, "job_runs", None)
        monkeypatch.setattr(session, "mail_counts", None)
        ending = End(State.SUCCEEDED, Cause.RETURNED, "", {"output_bytes": 1})
        record_end(session, row, ending, NOW, MAILING)
        return session.outbox.of_execution(row.id)

    [mail] = store.write(operation)
    assert (mail.why.occasions, mail.thread) == ((Occasion.OUTPUT,), None)


def test_limits_count_what_the_same_transaction_adds(store, new_job) -> None:
    """As after a night without the server, when many jobs find that they missed something."""
    rules = {"on": ["missed"]}
    jobs = [new_job(rules) for _ in range(5)]
    rows = [an_execution(job_id=job.id, state=State.MISSED) for job in [*jobs, jobs[0], jobs[0]]]
    limits = MailDefaults(most_a_day=2, most_a_day_to=4)
    policy = replace(MAILING, own_mail=mailforms.KIND.read([rules]), mailing=limits)

    def operation(session: Session) -> list[Mail]:
        session.executions.add(rows)
        owe_of_unrun(session, [(row, policy) for row in [rows[0], rows[5], rows[6], *rows[1:5]]])
        return [mail for row in rows for mail in session.outbox.of_execution(row.id)]

    mails = store.write(operation)
    by_job = {job.id: [m.state for m in mails if m.job_id == job.id] for job in jobs}
    held, queued = MailState.HELD, MailState.QUEUED
    assert list(by_job.values()) == [[queued, queued, held], [queued], [queued], [held], [held]]
    assert {mail.next_attempt_at is None for mail in mails if mail.state is held} == {True}
