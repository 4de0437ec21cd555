"""APScheduler's thread over our rows, with real time."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from botsched.domain.execution import State
from botsched.scheduling import scheduler as module
from botsched.scheduling.scheduler import Scheduler
from botsched.scheduling.wakeup import WakeUp
from botsched.store import engine
from tests.support.values import DEFAULTS, a_job, cron
from tests.support.waiting import until

EVERY_SECOND = cron(second="*")


@pytest.fixture(autouse=True)
def impatient(monkeypatch) -> None:
    """Give up soon when somebody else holds the database."""
    monkeypatch.setattr(engine, "_BUSY_MILLISECONDS", 50)


@pytest.fixture
def scheduler(record, runner):
    scheduler = Scheduler(WakeUp(record.store, runner, DEFAULTS))
    yield scheduler
    if scheduler.running:
        scheduler.shutdown()


def ticking(**changes):
    return a_job(
        schedule=EVERY_SECOND, next_due=EVERY_SECOND.next_after(datetime.now(UTC)), **changes
    )


@pytest.mark.slow
def test_instants_are_recorded_soon_after_they_are_due(record, scheduler, handed_over) -> None:
    record.add(ticking())

    scheduler.start()
    until(lambda: len(record.rows()) >= 2, "two instants")
    scheduler.shutdown()

    rows = record.rows()
    assert all(row.updated_at - row.due < timedelta(seconds=1) for row in rows)
    dues = [row.due for row in rows]
    assert dues == [dues[0] + timedelta(seconds=number) for number in range(len(dues))]
    assert handed_over() == [row.id for row in rows if row.state is State.SCHEDULED]


@pytest.mark.slow
def test_a_job_added_later_is_seen_when_the_thread_is_woken(record, scheduler, monkeypatch) -> None:
    monkeypatch.setattr(module, "_LONGEST_SLEEP_SECONDS", 3600)
    scheduler.start()
    record.add(ticking())

    scheduler.wakeup()

    until(record.rows, "an instant")


@pytest.mark.slow
def test_the_thread_outlives_a_locked_database(
    record, scheduler, tmp_path, monkeypatch, caplog
) -> None:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.05)
    first = ticking()
    record.add(first)
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    scheduler.start()
    until(lambda: "database is locked" in caplog.text, "a failure")
    other.execute("ROLLBACK")
    other.close()

    until(lambda: record.rows() and record.rows()[0].due == first.next_due, "the first instant")


@pytest.mark.slow
def test_a_database_that_is_away_is_asked_for_soon_and_told_of_once(
    record, scheduler, tmp_path, monkeypatch, caplog
) -> None:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.05)
    record.add(ticking())
    path, asked = tmp_path / "test.db", []
    begin = WakeUp.begin
    monkeypatch.setattr(WakeUp, "begin", lambda *args: asked.append(1) or begin(*args))
    path.rename(tmp_path / "moved.db")

    scheduler.start()
    until(lambda: len(asked) > 5, "several looks")
    (tmp_path / "moved.db").rename(path)

    until(record.rows, "an instant")
    assert caplog.text.count("was moved away") == 1


@pytest.mark.slow
def test_the_thread_outlives_any_error(record, scheduler, monkeypatch, caplog) -> None:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.05)
    record.add(ticking())
    read, failures = record.store.read, []

    def fail_thrice(operation):
        if len(failures) < 3:
            failures.append(1)
            raise RuntimeError("quite unexpected")
        return read(operation)

    monkeypatch.setattr(record.store, "read", fail_thrice)
    scheduler.start()
    monkeypatch.setattr(module, "_LONGEST_SLEEP_SECONDS", 0.05)
    scheduler.wakeup()

    until(lambda: len(failures) == 3, "the failures")
    monkeypatch.undo()
    until(record.rows, "an instant")
    assert "quite unexpected" in caplog.text


@pytest.mark.slow
def test_whoever_schedules_again_reads_what_another_server_recorded(record, scheduler) -> None:
    calls = []
    scheduler._wake_up.begin_anew = lambda: calls.append(1)
    scheduler.start(paused=True)
    assert calls == []

    scheduler.resume()

    assert calls == [1]
