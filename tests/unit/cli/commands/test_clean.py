import errno
import fcntl
import os
from pathlib import Path

import pytest

from botsched.settings.shipped import shipped
from tests.unit.cli.conftest import Bots, Ended

TEMPLATE = (shipped("conf") / "smtp.ini.template").read_text()


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A working folder in which a server has run, with things in it that are none of ours."""
    for folder in (".bots-scheduler", "jobs/__pycache__", "other/__pycache__", "conf", "data"):
        (tmp_path / folder).mkdir(parents=True)
    files = {
        ".bots-scheduler/ca.pem": "key",
        "jobs/__pycache__/mine.pyc": "",
        "jobs/mine.py": "",
        "other/__pycache__/theirs.pyc": "",
        "data/hosts": "a",
        "bots-scheduler.db": "history",
        "bots-scheduler.db-wal": "",
        ".htpasswd": "ann:x",
        "notes": "mine",
        "conf/smtp.ini": "[broken",
        "conf/own": "mine",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def backups(folder: Path) -> list[Path]:
    return sorted(folder.glob("backup-*"))


def done(ended: Ended) -> str:
    assert ended.code == 0, ended.err
    return ended.out


def test_clean_takes_what_servers_left_and_nothing_else(bots: Bots, used: Path) -> None:
    before = files(used)

    out = done(bots("clean", "--yes"))

    [backup] = backups(used)
    assert before - files(used) == {
        ".bots-scheduler/ca.pem",
        "jobs/__pycache__/mine.pyc",
    }
    assert files(backup) == {".bots-scheduler/ca.pem"}
    assert str(backup) in out


def test_compiled_modules_of_the_shipped_jobs_stay_with_the_program(bots: Bots) -> None:
    done(bots("check", "--no-proxy"))  # imports them

    assert done(bots("clean")) == "There is nothing to do.\n"


def test_the_database_goes_only_when_asked_and_is_kept_in_the_backup(
    bots: Bots, used: Path
) -> None:
    done(bots("clean", "--yes", "--database"))

    [backup] = backups(used)
    assert not (used / "bots-scheduler.db").exists()
    assert (backup / "bots-scheduler.db").read_text() == "history"
    assert (backup / "bots-scheduler.db-wal").exists()


def test_nothing_goes_without_a_yes(bots: Bots, used: Path) -> None:
    before = files(used)

    ended = bots("clean", stdin="n\n")

    assert ended.code == 130
    assert ended.out.endswith("Nothing was removed.\n")
    assert f"back up  {used}/.bots-scheduler" in ended.out
    assert files(used) == before


def test_a_second_time_there_is_nothing_to_do(bots: Bots, used: Path) -> None:
    for command in ("clean", "reset"):
        done(bots(command, "--yes"))
        assert done(bots(command)) == "There is nothing to do.\n"


def test_reset_restores_the_configuration_and_keeps_the_old(bots: Bots, used: Path) -> None:
    done(bots("reset", "--yes"))

    [backup] = backups(used)
    assert (used / "conf" / "smtp.ini").read_text() == TEMPLATE
    assert (used / "conf" / "smtp.ini").stat().st_mode & 0o077 == 0
    assert (backup / "conf" / "smtp.ini").read_text() == "[broken"
    assert (used / "conf" / "own").exists()
    assert (used / ".htpasswd").exists()


def test_reset_mends_broken_settings_any_number_of_times(bots: Bots, used: Path) -> None:
    for _ in range(3):
        (used / "conf" / "db.ini").write_text("nonsense")
        ended = bots("reset", "--yes")
        assert "a [section] must come first" in ended.err
        assert bots("check", "--no-proxy").out.startswith("ok     settings")

    assert len(backups(used)) == 3


@pytest.mark.parametrize("command", ["clean", "reset"])
def test_nothing_goes_while_a_server_is_running(bots: Bots, used: Path, command: str) -> None:
    before = files(used)

    with (used / "bots-scheduler.db").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        ended = bots(command, "--yes", "--database")

    assert ended.code == 3
    assert "stop it first" in ended.err
    assert files(used) == before


def test_a_folder_that_cannot_be_written_keeps_all(
    bots: Bots, used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(used)

    def refuse(path: Path, mode: int = 0o777) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)  # root, as tests may run, may write anywhere
    ended = bots("clean", "--yes")

    assert ended.code == 3
    assert f"No backup folder can be made in {used}: Read-only file system." in ended.err
    assert "Nothing was moved." in ended.err
    assert "Errno" not in ended.err
    assert files(used) == before
