"""Opening a database file: who may, and what it says when it cannot be."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from botsched.errors import NotFoundError, StartError, StoreCorruptError, StoreError
from botsched.errors import StoreUnavailableError as Unavailable
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from tests.support.values import NOW, a_job, an_execution

HOLD = """
import sys
from pathlib import Path
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
store = Store(DatabaseSettings(Dbms.SQLITE, path=Path(sys.argv[1])))
print("open", flush=True)
sys.stdin.read()
"""


def opened(path: Path) -> Store:
    return Store(DatabaseSettings(Dbms.SQLITE, path=path))


def test_the_files_are_for_their_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = opened(tmp_path / "test.db")
        store.write(lambda session: session.jobs.add(a_job()))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        store.close()
    finally:
        os.umask(before)

    assert modes == dict.fromkeys(["test.db", "test.db-shm", "test.db-wal"], 0o600)


def test_a_second_server_on_the_same_file_is_refused_naming_the_first(tmp_path: Path) -> None:
    store = opened(tmp_path / "test.db")

    with pytest.raises(StartError) as caught:
        opened(tmp_path / "test.db")

    assert f"in use by another server (process {os.getpid()})" in str(caught.value)
    store.close()
    opened(tmp_path / "test.db").close()


@pytest.mark.slow
def test_a_server_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(StartError, match=rf"process {holder.pid}\)"):
            opened(path)
        holder.send_signal(signal.SIGKILL)

    opened(path).close()


def test_a_start_that_fails_lets_go_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    path.write_bytes(b"no database at all" * 100)
    for _ in range(2):
        with pytest.raises(StoreCorruptError):
            opened(path)

    path.unlink()

    opened(path).close()


def test_a_file_that_is_no_database_says_so_and_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    content = b"no database at all" * 1000
    path.write_bytes(content)

    with pytest.raises(StoreCorruptError) as caught:
        opened(path)

    assert str(path) in str(caught.value)
    assert "Restore a backup, or move the file away" in str(caught.value)
    assert path.read_bytes() == content


def filled(path: Path) -> None:
    store = opened(path)
    executions = [an_execution(reason="x" * 500) for _ in range(500)]
    store.write(lambda session: session.executions.add(executions))
    store.close()


@pytest.mark.parametrize("kept", [100, 5000, 60_000])
def test_a_database_that_was_cut_off_says_so(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "test.db"
    filled(path)
    os.truncate(path, kept)

    with pytest.raises(StoreCorruptError, match="Restore a backup"):
        opened(path)


def test_damage_found_later_says_so_too(tmp_path: Path) -> None:
    empty, path = tmp_path / "empty.db", tmp_path / "test.db"
    opened(empty).close()
    filled(path)
    first_of_rows = empty.stat().st_size  # what lies before is read at each start
    with path.open("r+b") as file:
        file.seek(first_of_rows)
        file.write(b"\xa5" * (path.stat().st_size - first_of_rows))
    store = opened(path)

    with pytest.raises(StoreCorruptError, match="Restore a backup"):
        store.read(lambda session: session.executions.active_counts(NOW))

    store.close()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        opened(tmp_path / "nowhere" / "test.db")

    assert str(tmp_path / "nowhere" / "test.db") in str(caught.value)
    assert "No such file or directory" in str(caught.value)


def test_reading_cannot_write(tmp_path: Path) -> None:
    store = opened(tmp_path / "test.db")

    with pytest.raises(StoreError, match="readonly"):
        store.read(lambda session: session.jobs.add(a_job()))

    assert store.read(lambda session: session.jobs.count()) == 0
    store.close()


def test_an_error_of_ours_passes_as_it_is(tmp_path: Path) -> None:
    store = opened(tmp_path / "test.db")

    with pytest.raises(NotFoundError):
        store.read(lambda session: session.jobs.get("gone"))

    store.close()
