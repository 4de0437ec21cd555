from datetime import timedelta

import pytest

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.execution import OutputChunk, State
from botsched.domain.outbox import Mail, MailState
from botsched.scheduling.retention import BATCH, Retention
from botsched.settings.model import RetentionSettings
from tests.support.values import NOW, a_job, an_execution
from tests.support.waiting import until

WEEK = timedelta(days=7)


@pytest.fixture
def retention(record, clock) -> Retention:
    return Retention(RetentionSettings(executions=WEEK, audit=WEEK), record.store, clock)


def ended(days: float, **changes):
    return an_execution(
        **{"state": State.SUCCEEDED, "updated_at": NOW - timedelta(days=days)} | changes
    )


def _delivered(session, execution_id: str) -> None:
    mail = a_mail(execution_id, MailState.DELIVERED)
    session.outbox.add([mail])
    session.outbox.replace(mail)


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

    assert retention.apply_once() is False

    assert [row.id for row in record.rows()] == [young.id]
    assert record.store.read(lambda s: s.output.get(old.id)) == []
    assert len(record.store.read(lambda s: s.output.get(young.id))) == 1
    assert record.store.read(lambda s: s.outbox.of_execution(old.id)) == []
    assert len(record.store.read(lambda s: s.outbox.of_execution(young.id))) == 1


@pytest.mark.parametrize("state", [State.SCHEDULED, State.RUNNING, State.STOPPING])
def test_what_has_not_ended_stays_however_old(record, retention, state) -> None:
    record.add_executions(ended(100, state=state))
    retention.apply_once()
    assert len(record.rows()) == 1


def test_what_is_still_to_be_mailed_stays(record, retention) -> None:
    old = ended(100)
    record.add_executions(old)
    record.store.write(lambda s: s.outbox.add([a_mail(old.id, MailState.DEFERRED)]))
    retention.apply_once()
    assert len(record.rows()) == 1


def test_many_go_in_several_steps(record, retention) -> None:
    record.add_executions(*(ended(30, job_id=f"j{number}") for number in range(BATCH + 1)))
    assert retention.apply_once() is True
    assert len(record.rows()) == 1
    assert retention.apply_once() is False
    assert record.rows() == []


def test_old_lines_of_the_audit_log_go(record, retention) -> None:
    for days in (8, 6):
        event = AuditEvent(Event.LOGIN, f"u{days}", NOW - timedelta(days=days))
        record.store.write(lambda s, event=event: s.audit.add(event))
    retention.apply_once()
    assert [user for _, user, _, _ in record.audit()] == ["u6"]


def test_without_limits_everything_stays(record, clock) -> None:
    record.add_executions(ended(10_000))
    Retention(RetentionSettings(), record.store, clock).apply_once()
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

    retention.apply_once()

    assert record.store.read(lambda s: s.job_history.job_ids()) == sorted([told.id, young.id])
