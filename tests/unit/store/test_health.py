"""What the store knows of its own health, and how much it logs of it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from botsched.errors import NotFoundError, StoreUnavailableError
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store import health as module
from botsched.store.health import Health
from botsched.store.store import Store
from tests.support.values import an_execution
from tests.support.waiting import until


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The monotonic clock as a list of its one value."""
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def health() -> Health:
    return Health("the.db")


def fail(health: Health, use: str = "writing", fault: str = "It is locked.") -> None:
    with pytest.raises(StoreUnavailableError), health.of(use):
        raise StoreUnavailableError(fault)


def succeed(health: Health, use: str = "writing") -> None:
    with health.of(use):
        pass


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_an_outage_is_logged_once_a_minute_and_when_it_is_over(health, clock, caplog) -> None:
    for second in range(150):
        clock[0] = 1000.0 + second
        fail(health)
        fail(health, "reading")
    assert logged(caplog) == ["It is locked."] * 3

    succeed(health)
    assert len(logged(caplog)) == 3
    succeed(health, "reading")
    succeed(health)

    assert logged(caplog)[3:] == ["The database the.db answers again."]


def test_outages_that_come_and_go_flood_no_log(health, clock, caplog) -> None:
    for _ in range(50):
        clock[0] += 1
        fail(health)
        succeed(health)

    assert logged(caplog) == ["It is locked.", "The database the.db answers again."]


def test_another_fault_is_logged_at_once(health, clock, caplog) -> None:
    fail(health)
    fail(health, fault="The disk is full.")

    assert logged(caplog) == ["It is locked.", "The disk is full."]
    assert health.fault == "The disk is full."


def test_a_request_that_makes_no_sense_is_no_fault(health, caplog) -> None:
    with pytest.raises(NotFoundError), health.of("reading"):
        raise NotFoundError("job", "x")

    assert (health.fault, logged(caplog)) == (None, [])


def full(store: Store, pages: int) -> None:
    """Let SQLite find no more space than so many pages."""
    statement = f"PRAGMA max_page_count={pages}"
    store.write(lambda session: session._connection.exec_driver_sql(statement))


def write_much(store: Store) -> None:
    rows = [an_execution(reason="x" * 1000) for _ in range(100)]
    store.write(lambda session: session.executions.add(rows))


def test_a_full_disk_is_a_fault_until_a_write_succeeds(tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.CRITICAL)
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "test.db"))
    assert store.fault() is None
    full(store, 1)

    for _ in range(2):
        with pytest.raises(StoreUnavailableError, match="database or disk is full"):
            write_much(store)
    assert store.read(lambda session: session.jobs.count()) == 0
    assert "database or disk is full" in store._health.fault

    full(store, 100_000)
    assert store.fault() is None
    store.close()


def test_the_end_of_an_outage_is_found_although_nobody_writes(tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.CRITICAL)
    path = tmp_path / "test.db"
    store = Store(DatabaseSettings(Dbms.SQLITE, path=path))
    path.rename(tmp_path / "moved.db")
    with pytest.raises(StoreUnavailableError):
        store.write(lambda session: None)
    (tmp_path / "moved.db").rename(path)

    until(lambda: store.fault() is None, "the store to be well")

    store.close()
