from dataclasses import replace
from datetime import timedelta

import pytest

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.execution import OutputChunk, State
from botsched.domain.job import JobPolicy
from botsched.domain.outbox import Mail, MailState
from botsched.scheduling.retention import BATCH, Retention
from botsched.settings.model import RetentionSettings
from tests.support.values import NOW, a_job, an_execution
from tests.support.waiting import until

WEEK = timedelta(days=7)


@pytest.fixture
def retention(record, clock) -> Retention:
    return Retention(RetentionSettings(executions=WEEK, audit=WEEK), record.store, clock)


def keeping(record, clock, **limits) -> Retention:
    return Retention(RetentionSettings(**limits), record.store, clock)


def ended(days: float, **changes):
    return an_execution(
        **{"state": State.SUCCEEDED, "updated_at": NOW - timedelta(days=days)} | changes
    )


def of_days(record, *days: float, **changes):
    """Executions of a job, one for each of these ages."""
    rows = [ended(age, due=NOW - timedelta(days=age), **changes) for age in days]
    record.add_executions(*rows)
    return rows


def days_kept(record, job_id: str) -> list[float]:
    ages = [(NOW - row.updated_at).days for row in record.rows() if row.job_id == job_id]
    return sorted(ages, reverse=True)


def _delivered(session, execution_id: str) -> None:
    session.outbox.add([a_mail(execution_id, MailState.DELIVERED)])


def a_mail(execution_id: str, state: MailState) -> Mail:
    done = NOW if state is MailState.DELIVERED else None
    return Mail(execution_id, execution_id, "ops", state, 1, NOW, None, ended_at=done)


def test_what_ended_long_ago_goes_with_its_output_and_mails(record, retention) -> None:
    old, young = ended(8), ended(6)
    record.add_executions(old, young)
    chunk = OutputChunk(1, "out", NOW, "text")
    for each in (old, young):
        record.store.write(lambda s, each=each: s.output.add(each.id, [chunk]))
        record.store.write(lambda s, each=each: _delivered(s, each.id))

    retention.apply()

    assert [row.id for row in record.rows()] == [young.id]
    assert record.store.read(lambda s: s.output.get(old.id)) == []
    assert len(record.store.read(lambda s: s.output.get(young.id))) == 1
    assert record.store.read(lambda s: s.outbox.of_execution(old.id)) == []
    assert len(record.store.read(lambda s: s.outbox.of_execution(young.id))) == 1


@pytest.mark.parametrize("state", [State.SCHEDULED, State.RUNNING, State.STOPPING])
@pytest.mark.parametrize("limits", [{"executions": WEEK}, {"count": 1}])
def test_what_has_not_ended_stays_however_old(record, clock, state, limits) -> None:
    record.add_executions(ended(100, state=state), ended(99), ended(98), ended(1))
    keeping(record, clock, **limits).apply()
    assert sorted(row.state for row in record.rows()) == sorted([state, State.SUCCEEDED])


def test_what_is_still_to_be_mailed_stays(record, retention) -> None:
    old = ended(100)
    record.add_executions(old)
    record.store.write(lambda s: s.outbox.add([a_mail(old.id, MailState.DEFERRED)]))
    retention.apply()
    assert len(record.rows()) == 1


def test_only_the_newest_of_each_job_stay(record, clock) -> None:
    of_days(record, 5, 4, 3, 2, 1)
    of_days(record, 9, 8, job_id="j2")
    of_days(record, 9, 8, 7, job_id="j3")

    keeping(record, clock, count=2).apply()

    assert days_kept(record, "j1") == [2, 1]
    assert days_kept(record, "j2") == [9, 8]
    assert days_kept(record, "j3") == [8, 7]


def test_of_equally_old_ones_so_many_stay(record, clock) -> None:
    record.add_executions(*(ended(3) for _ in range(5)))
    keeping(record, clock, count=2).apply()
    assert len(record.rows()) == 2


def test_a_job_has_its_own_limits(record, clock) -> None:
    own = {
        "longer": JobPolicy(keep_days=30),
        "fewer": JobPolicy(keep_count=1),
        "more": JobPolicy(keep_count=10),
        "both": JobPolicy(keep_days=30, keep_count=4),
    }
    for name, policy in own.items():
        job = a_job(id=name, policy=policy)
        record.add(job)
        of_days(record, 40, 20, 6, 5, 4, job_id=name)
    of_days(record, 40, 20, 6, 5, 4, job_id="deleted")

    keeping(record, clock, executions=WEEK, count=3).apply()

    assert days_kept(record, "longer") == [6, 5, 4]
    assert days_kept(record, "fewer") == [4]
    assert days_kept(record, "more") == [6, 5, 4]
    assert days_kept(record, "both") == [20, 6, 5, 4]
    assert days_kept(record, "deleted") == [6, 5, 4]


def test_limits_of_jobs_hold_where_the_server_has_none(record, clock) -> None:
    job = a_job(policy=JobPolicy(keep_days=7))
    record.add(job)
    of_days(record, 8, 6, job_id=job.id)
    of_days(record, 8, 6, job_id="other")

    keeping(record, clock).apply()

    assert days_kept(record, job.id) == [6]
    assert days_kept(record, "other") == [8, 6]


def test_a_limit_given_later_holds_for_what_there_is(record, clock) -> None:
    job = a_job(policy=JobPolicy(keep_count=3))
    record.add(job)
    of_days(record, 3, 2, 1, job_id=job.id)
    retention = keeping(record, clock)
    retention.apply()
    assert days_kept(record, job.id) == [3, 2, 1]

    stricter = replace(job, policy=JobPolicy(keep_count=1), version=2)
    record.store.write(lambda s: s.jobs.replace(stricter))
    retention.apply()

    assert days_kept(record, job.id) == [1]


def test_many_go_in_several_transactions(record, clock, monkeypatch) -> None:
    record.add_executions(*(ended(30, job_id=f"j{number}") for number in range(BATCH + 1)))
    record.add_executions(*(ended(30, job_id="many") for number in range(BATCH + 1)))
    writes = []
    write = record.store.write
    monkeypatch.setattr(record.store, "write", lambda work, **_: writes.append(work) or write(work))

    keeping(record, clock, executions=WEEK).apply()

    assert record.rows() == []
    assert len(writes) == 3


def test_up_to_when_the_record_is_gone_is_known(record, clock) -> None:
    of_days(record, 5, 4, 3)
    record.add_executions(
        ended(9, job_id="j2", due=NOW - timedelta(days=9), due_last=NOW - timedelta(days=8)),
        ended(8, job_id="j2", due=None),
        ended(1, job_id="j2", due=None),
        ended(9, job_id="j3", due=None),
        ended(8, job_id="j3", due=None),
    )
    keeping(record, clock, count=2).apply()
    assert removed(record) == {"j1": NOW - timedelta(days=5), "j2": NOW - timedelta(days=8)}

    keeping(record, clock, count=1).apply()
    assert removed(record) == {"j1": NOW - timedelta(days=4), "j2": NOW - timedelta(days=8)}


def removed(record) -> dict:
    return record.store.read(
        lambda s: dict(map(tuple, s._connection.execute(s._schema.removed.select())))
    )


def test_old_lines_of_the_audit_log_go(record, retention) -> None:
    for days in (8, 6):
        event = AuditEvent(Event.LOGIN, f"u{days}", NOW - timedelta(days=days))
        record.store.write(lambda s, event=event: s.audit.add(event))
    retention.apply()
    assert [user for _, user, _, _ in record.audit()] == ["u6"]


def test_without_limits_everything_stays(record, clock) -> None:
    record.add_executions(ended(10_000))
    keeping(record, clock).apply()
    assert len(record.rows()) == 1


def test_its_thread_deletes_and_ends(record, retention) -> None:
    record.add_executions(ended(30))
    retention.start()
    until(lambda: not record.rows(), "the old execution is gone")
    retention.close()


def test_what_was_known_of_deleted_jobs_goes_with_their_last_execution(record, retention) -> None:
    bare, told, young = (a_job() for _ in range(3))
    record.add(bare, told, young)
    for job, days in ((bare, 8), (told, 8), (young, 6)):
        at = NOW - timedelta(days=days)
        record.store.write(lambda s, job=job, at=at: s.jobs.delete(job.id, at))
    row = ended(6, job_id=told.id)
    record.add_executions(row)

    retention.apply()

    assert record.store.read(lambda s: s.job_history.job_ids()) == sorted([told.id, young.id])
