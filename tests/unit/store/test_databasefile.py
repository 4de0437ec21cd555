"""The database file: held under every name it has, and watched while it is in use."""

import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from botsched.cli.lock import is_running
from botsched.errors import StartError, StoreUnavailableError
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from tests.support.values import a_job
from tests.support.waiting import PATIENCE

WRITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=60)
connection.execute("CREATE TABLE other (x)")
connection.commit()
"""


def opened(path: Path) -> Store:
    return Store(DatabaseSettings(Dbms.SQLITE, path=path))


def add(store: Store) -> None:
    store.write(lambda session: session.jobs.add(a_job()))


def count(store: Store) -> int:
    return store.read(lambda session: session.jobs.count())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = opened(path)
    yield store
    store.close()


def test_no_other_file_tells_who_holds_it(store: Store, path: Path) -> None:
    add(store)

    assert {file.name for file in path.parent.iterdir()} == {
        "test.db",
        "test.db-shm",
        "test.db-wal",
    }


@pytest.mark.parametrize("link", [Path.hardlink_to, Path.symlink_to])
def test_every_name_of_the_file_is_held(store: Store, path: Path, link) -> None:
    other = path.with_name("other.db")
    link(other, path)

    with pytest.raises(StartError, match=rf"in use by another server \(process {os.getpid()}\)"):
        opened(other)

    assert is_running(other)


def test_it_is_free_again_once_closed(path: Path) -> None:
    opened(path).close()

    assert not is_running(path)
    assert not is_running(path.with_name("none.db"))


@pytest.mark.slow
def test_holding_it_stands_in_no_way_of_the_locks_of_sqlite(store: Store, path: Path) -> None:
    subprocess.run([sys.executable, "-c", WRITE, str(path)], check=True, timeout=PATIENCE)
    add(store)

    assert count(store) == 1


def test_nor_do_locks_of_sqlite_look_like_a_server(path: Path) -> None:
    opened(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("BEGIN EXCLUSIVE")

    assert not is_running(path)
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    connection.close()


def moved(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def replaced(path: Path) -> None:
    moved(path)
    sqlite3.connect(path).execute("CREATE TABLE x (y)").connection.close()


@pytest.mark.parametrize("take_away", [Path.unlink, moved, replaced])
def test_nothing_is_acknowledged_that_goes_into_a_file_that_was_taken_away(
    store: Store, path: Path, take_away, caplog
) -> None:
    add(store)
    take_away(path)

    for use in (add, count, add):
        with pytest.raises(StoreUnavailableError) as caught:
            use(store)
        assert f"{path} was moved away, deleted or replaced" in str(caught.value)
        assert "Put it back" in str(caught.value)

    assert store.fault() == str(caught.value)
    assert caplog.text.count("was moved away") == 1


def test_a_file_that_is_taken_away_while_it_is_written_gets_nothing(
    store: Store, path: Path
) -> None:
    def operation(session) -> None:
        session.jobs.add(a_job())
        moved(path)

    with pytest.raises(StoreUnavailableError, match="was moved away"):
        store.write(operation)

    path.with_name("moved.db").rename(path)
    assert count(store) == 0


def test_all_goes_on_once_the_file_is_back(store: Store, path: Path) -> None:
    moved(path)
    with pytest.raises(StoreUnavailableError):
        add(store)

    path.with_name("moved.db").rename(path)
    add(store)

    assert count(store) == 1
    assert store.fault() is None
