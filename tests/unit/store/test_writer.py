"""Grouping writes: few commits, and none that costs another."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest
from sqlalchemy import event

from botsched.errors import NotFoundError, StoreUnavailableError
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store import engine, writer
from botsched.store.store import Store
from tests.support.values import NOW, a_job
from tests.support.waiting import PATIENCE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
def store(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store that gives up soon when somebody else holds its database."""
    monkeypatch.setattr(engine, "_BUSY_MILLISECONDS", 50)
    monkeypatch.setattr(writer, "_RETRY_SECONDS", 0.05)
    store = Store(DatabaseSettings(Dbms.SQLITE, path=path))
    yield store
    store.close()


@pytest.fixture
def locked(path: Path, store: Store) -> Iterator[sqlite3.Connection]:
    """The database, held by somebody else until this connection rolls back."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def adding(job):
    def add(session) -> None:
        session.jobs.add(job)

    return add


def count(store: Store) -> int:
    return store.read(lambda session: session.jobs.count())


def failing(_session) -> None:
    raise ValueError("no good")


def test_many_writes_share_few_commits(store: Store) -> None:
    commits: list[object] = []
    event.listen(store._engines.writing, "commit", commits.append)
    gate = threading.Event()
    first = store.submit(lambda _session: gate.wait(PATIENCE))

    futures = [store.submit(adding(a_job())) for _ in range(1000)]
    assert not any(future.done() for future in futures)
    gate.set()

    assert first.result(PATIENCE)
    assert [future.result(PATIENCE) for future in futures] == [None] * 1000
    assert count(store) == 1000
    assert 2 <= len(commits) <= 4


def test_what_is_submitted_together_shares_one_commit(store: Store) -> None:
    commits: list[object] = []
    event.listen(store._engines.writing, "commit", commits.append)

    with store.together():
        futures = [store.submit(adding(a_job())) for _ in range(3)]
        assert not commits
    for future in futures:
        future.result(PATIENCE)

    assert len(commits) == 1


def test_a_write_is_seen_once_it_is_acknowledged(store: Store) -> None:
    for number in range(20):
        store.write(adding(a_job()))
        assert count(store) == number + 1


def test_a_write_that_fails_costs_no_other(store: Store) -> None:
    gate = threading.Event()
    store.submit(lambda _session: gate.wait(PATIENCE))
    job = a_job()
    before = [store.submit(adding(a_job())) for _ in range(5)]
    same = [store.submit(adding(job)), store.submit(adding(job))]
    bad = store.submit(failing)
    unknown = store.submit(lambda session: session.jobs.delete("nobody", NOW))
    after = [store.submit(adding(a_job())) for _ in range(5)]

    gate.set()

    assert [future.result(PATIENCE) for future in [*before, *after, same[0]]] == [None] * 11
    with pytest.raises(ValueError, match="no good"):
        bad.result(PATIENCE)
    with pytest.raises(NotFoundError):
        unknown.result(PATIENCE)
    assert same[1].exception(PATIENCE) is not None
    assert count(store) == 11


def test_of_a_write_that_fails_nothing_stays(store: Store) -> None:
    def half(session) -> None:
        session.jobs.add(a_job())
        raise ValueError("no good")

    with pytest.raises(ValueError, match="no good"):
        store.write(half)

    assert count(store) == 0


def test_a_locked_database_refuses_a_plain_write(store: Store, locked, path: Path) -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        store.write(adding(a_job()))

    assert str(path) in str(caught.value)
    assert "database is locked" in str(caught.value)
    locked.execute("ROLLBACK")
    store.write(adding(a_job()))
    assert count(store) == 1


def test_a_durable_write_outlasts_a_locked_database(store: Store, locked, caplog) -> None:
    caplog.set_level(logging.CRITICAL, "botsched")
    durable = [store.submit(adding(a_job()), durable=True) for _ in range(3)]
    plain = store.submit(adding(a_job()))
    assert isinstance(plain.exception(PATIENCE), StoreUnavailableError)
    assert not any(future.done() for future in durable)

    locked.execute("ROLLBACK")

    assert [future.result(PATIENCE) for future in durable] == [None] * 3
    assert count(store) == 3


def test_durable_writes_keep_their_order(store: Store, locked, caplog) -> None:
    caplog.set_level(logging.CRITICAL, "botsched")
    job = a_job()
    added = store.submit(adding(job), durable=True)
    assert isinstance(store.submit(failing).exception(PATIENCE), StoreUnavailableError)
    deleted = store.submit(lambda session: session.jobs.delete(job.id, NOW), durable=True)

    locked.execute("ROLLBACK")

    assert (added.result(PATIENCE), deleted.result(PATIENCE)) == (None, None)
    assert count(store) == 0


def test_a_durable_write_that_makes_no_sense_is_given_up(store: Store) -> None:
    assert isinstance(store.submit(failing, durable=True).exception(PATIENCE), ValueError)


def test_a_write_that_nobody_wants_any_more_ends_nothing(store: Store) -> None:
    gate = threading.Event()
    store.submit(lambda _session: gate.wait(PATIENCE))
    unwanted = store.submit(adding(a_job()))
    assert unwanted.cancel()

    gate.set()

    store.write(adding(a_job()))
    with pytest.raises(CancelledError):
        unwanted.result()
    assert count(store) == 1


def test_closing_writes_what_is_queued(path: Path) -> None:
    store = Store(DatabaseSettings(Dbms.SQLITE, path=path))
    futures = [store.submit(adding(a_job())) for _ in range(1200)]

    store.close()

    assert all(future.done() and future.exception() is None for future in futures)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM scheduler_jobs").fetchone() == (1200,)
    connection.close()


def test_closing_tells_what_a_locked_database_did_not_take(store: Store, locked, caplog) -> None:
    caplog.set_level(logging.CRITICAL, "botsched")
    durable = store.submit(adding(a_job()), durable=True)

    store.close()

    assert isinstance(durable.exception(0), StoreUnavailableError)


def test_a_write_after_closing_is_refused_and_not_waited_for(path: Path) -> None:
    store = Store(DatabaseSettings(Dbms.SQLITE, path=path))
    store.close()

    with pytest.raises(StoreUnavailableError):
        store.submit(adding(a_job())).result(PATIENCE)


class Onlooker:
    def __init__(self) -> None:
        self.heard: list[object] = []

    def committed(self, notes: object) -> None:
        self.heard.append(notes)

    def in_doubt(self) -> None:
        self.heard.append("in doubt")


def test_whoever_looks_on_is_told_of_commits_and_of_doubt_about_them(
    store: Store, locked: sqlite3.Connection
) -> None:
    onlooker, job = Onlooker(), a_job()
    store.watch(onlooker)
    with pytest.raises(StoreUnavailableError):
        store.write(adding(job))
    assert set(map(str, onlooker.heard)) == {"in doubt"}
    onlooker.heard.clear()

    locked.rollback()
    store.write(adding(job))
    with pytest.raises(ValueError, match="no good"):
        store.write(failing)
    store.write(lambda _session: None)
    store.watch(None)
    store.write(adding(a_job()))

    assert onlooker.heard == [{("job", job.id): "added"}]
