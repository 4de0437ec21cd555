from contextlib import closing
from pathlib import Path

from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from tests.support.values import a_job
from tests.unit.cli.conftest import Bots


def jobs(folder: Path, *added: str) -> int:
    """How many jobs there are, when these are added."""
    settings = DatabaseSettings(Dbms.SQLITE, path=folder / "bots-scheduler.db")
    with closing(Store(settings)) as store:
        store.write(lambda s: [s.jobs.add(a_job(name=name)) for name in added])
        return store.read(lambda s: s.jobs.count())


def test_what_was_backed_up_is_restored(bots: Bots, tmp_path: Path) -> None:
    jobs(tmp_path, "one", "two")

    made = bots("backup", "all.backup")
    jobs(tmp_path, "three")
    refused = bots("restore", "all.backup")
    restored = bots("restore", "all.backup", "--replace")

    assert (made.code, made.out) == (0, "The backup is all.backup (0.1 MiB).\n")
    assert "           2 jobs\n" in made.err
    assert refused.code == 3
    assert "give --replace" in refused.err
    assert (restored.code, restored.out) == (0, "all.backup is restored.\n")
    assert jobs(tmp_path) == 2


def test_a_backup_is_not_overwritten_unless_told(bots: Bots, tmp_path: Path) -> None:
    jobs(tmp_path, "one")
    assert bots("backup", "all.backup").code == 0

    refused = bots("backup", "all.backup")

    assert refused.code == 3
    assert "exists already" in refused.err
    assert bots("backup", "all.backup", "--overwrite").code == 0


def test_without_a_database_there_is_nothing_to_back_up(bots: Bots, tmp_path: Path) -> None:
    ended = bots("backup", "all.backup")

    assert ended.code == 4
    assert "There is no database" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_gets_them_from_the_first_start(
    bots: Bots, tmp_path: Path
) -> None:
    (tmp_path / "bots-scheduler.db").touch()

    for command in (("backup", "all.backup"), ("verify",)):
        ended = bots(*command)
        assert ended.code == 4
        assert "has no tables yet: the first start of the server makes them." in ended.err
        assert "upgrade" not in ended.err


def test_one_thing_is_told_in_the_singular(bots: Bots, tmp_path: Path) -> None:
    jobs(tmp_path, "one")

    told = bots("backup", "all.backup").err

    assert "           1 job\n" in told
    assert "           1 version of a job\n" in told
