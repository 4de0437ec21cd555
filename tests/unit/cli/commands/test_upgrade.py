import sqlite3
from pathlib import Path

import pytest

from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.schema import REVISION
from botsched.store.store import Store
from tests.unit.cli.conftest import Bots

FIRST = Path(__file__).parents[3] / "contract" / "revision_1" / "sqlite.sql"


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A database of the first release, where the program looks for it."""
    path = tmp_path / "bots-scheduler.db"
    connection = sqlite3.connect(path)
    connection.executescript(FIRST.read_text(encoding="utf-8"))
    connection.close()
    return path


def test_a_dry_run_tells_the_changes_and_makes_none(bots: Bots, first: Path) -> None:
    before = first.read_bytes()

    ended = bots("upgrade", "--dry-run")

    assert ended.code == 0
    assert f"bots-scheduler.db is of schema revision 1. To make it {REVISION}:" in ended.out
    assert "  add the column rules to the table scheduler_jobs\n" in ended.out
    assert "  make the table scheduler_job_history\n" in ended.out
    assert first.read_bytes() == before
    assert list(first.parent.iterdir()) == [first]


def test_an_upgrade_is_made_once(bots: Bots, first: Path) -> None:
    ended = bots("upgrade")
    assert ended.code == 0
    assert f"is of schema revision {REVISION} now." in ended.out
    (copy,) = first.parent.glob("*.revision-1.*")

    again = bots("upgrade")

    assert (again.code, "nothing is to be done" in again.out) == (0, True)
    assert list(first.parent.glob("*.revision-*")) == [copy]


def test_a_running_server_is_left_alone(bots: Bots, first: Path) -> None:
    store = Store(DatabaseSettings(Dbms.SQLITE, path=first))
    connection = sqlite3.connect(first)
    connection.execute("UPDATE scheduler_meta SET value = '1' WHERE name = 'revision'")
    connection.commit()
    connection.close()

    ended = bots("upgrade")
    store.close()

    assert ended.code == 3
    assert "is in use by another server" in ended.err


def test_without_a_database_there_is_nothing_to_upgrade(bots: Bots, tmp_path: Path) -> None:
    ended = bots("upgrade")

    assert ended.code == 4
    assert "There is no database" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_check_tells_of_an_upgrade_and_makes_none(bots: Bots, first: Path) -> None:
    before = first.read_bytes()

    ended = bots("check")

    assert "is of schema revision 1; the next start upgrades it" in ended.out
    assert first.read_bytes() == before
