"""Backups of each kind of database, and databases restored from them."""

import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.datafile import DataFile
from botsched.domain.execution import Cause, OutputChunk, State
from botsched.domain.instance import Instance
from botsched.domain.job import JobPolicy, Missed
from botsched.domain.outbox import Mail, MailState
from botsched.errors import RevisionError, StartError, StoreCorruptError
from botsched.settings.model import DatabaseSettings, Dbms, TableNames
from botsched.store import contents
from botsched.store.archive import back_up, restore
from botsched.store.errors import InUseError
from botsched.store.session import Session
from botsched.store.store import Store
from tests.support.values import NOW, a_job, an_execution

FIRST = Path(__file__).parent / "revision_1" / "sqlite.sql"
SERVER = Instance("1", "alpha", 4711, 1, "boot", "namespace")
STRANGE = "ünï\u2603 \U0001f600 \t'\"\\ %s ? :x \n"


def quiet(*_progress: object) -> None:
    """Nobody looks."""


def fill(session: Session) -> None:
    """Something of everything, with values of all kinds, present and absent."""
    policy = JobPolicy(missed=Missed.LATEST, misfire=timedelta(seconds=0.5), keep_days=7)
    jobs = [
        a_job(id="j1", policy=policy, name=STRANGE.strip(), arguments={"a": [STRANGE, None, 1.5]}),
        a_job(id="j2", paused_at=NOW, paused_by="ann", policy=JobPolicy(missed=Missed.ALL)),
        a_job(id="j3", next_due=None, tags=("night", "ünï"), notes=STRANGE),
    ]
    for job in jobs:
        session.jobs.add(job)
    session.executions.add(
        [
            an_execution(id="e1", state=State.SUCCEEDED, result={"x": STRANGE}, reason=STRANGE),
            an_execution(id="e2", job_id="j2", due=NOW, due_last=NOW, due_count=2**40),
            an_execution(id="e0", job_id="j3", state=State.FAILED, ended_at=NOW),
            an_execution(
                id="e3", job_id="j3", state=State.RUNNING, pid=1, cpu_seconds=0.1, max_rss=2**41
            ),
            *(an_execution(id=f"x{number}", state=State.LOST) for number in range(7)),
        ]
    )
    for number in (1, 2):
        at = NOW + timedelta(microseconds=number)
        session.output.add("e1", [OutputChunk(number, "out", at, STRANGE)])
    session.outbox.add([Mail("m1", "e1", "ops", MailState.QUEUED, 0, NOW, NOW, job_id="j1")])
    session.audit.add(AuditEvent(Event.ADDED, STRANGE.strip(), NOW, "j1", "n", STRANGE))
    session.files.put(DataFile("hosts", "ann", NOW, 3, STRANGE))
    control = {"name": "hold", "value": {"why": STRANGE}, "updated_at": NOW, "updated_by": "ann"}
    session._connection.execute(session._schema.controls.insert(), control)


def everything(database: DatabaseSettings) -> dict[str, Any]:
    """All rows of all tables that are of users."""

    def read(session: Session) -> dict[str, Any]:
        return {
            name: sorted(repr(tuple(row)) for row in session._connection.execute(table.select()))
            for name, table in vars(session._schema).items()
            if name not in {"metadata", "meta", "lease"}
        }

    with closing(Store(database)) as store:
        return store.read(read)


@pytest.fixture
def filled(database: DatabaseSettings) -> DatabaseSettings:
    with closing(Store(database)) as store:
        store.write(fill)
    return database


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "_BATCH", 2)


@pytest.mark.usefixtures("small_portions")
def test_all_comes_back_in_a_database_of_any_kind(filled, tmp_path) -> None:
    archive = tmp_path / "a.backup"
    other = DatabaseSettings(Dbms.SQLITE, path=tmp_path / "other.db")
    other = replace(other, tables=TableNames("my_runs", "my_jobs", "my_files", "my_audit"))
    with closing(Store(filled)) as store:  # in use
        back_up(filled, archive, quiet)
        store.write(lambda s: s.jobs.delete("j3", NOW))
        if store.shared:
            store.lease(lambda leases: leases.appear(SERVER))
        with pytest.raises(InUseError, match=r"in use by .*process"):
            restore(archive, filled, quiet, replace=True)
        if store.shared:
            store.lease(lambda leases: leases.disappear(SERVER))
    restore(archive, other, quiet)
    restore(archive, filled, quiet, replace=True)

    there, back = everything(other), everything(filled)
    assert {name: len(rows) for name, rows in back.items()} == {
        "jobs": 3, "job_history": 3, "executions": 11, "output": 2, "removed": 0, "outbox": 1,
        "audit": 1, "files": 1, "controls": 1,
    }  # fmt: skip
    for tables in (there, back):  # but for what ran, which ended at the restoring
        for name in ("executions", "jobs"):
            tables[name] = [row for row in tables[name] if "'e3'" not in row]
    assert there == back
    with closing(Store(filled)) as store:
        job = store.read(lambda s: s.jobs.get("j1"))
        assert (job.name, job.arguments) == (STRANGE.strip(), {"a": [STRANGE, None, 1.5]})
        assert job.policy.misfire == timedelta(seconds=0.5)
        assert [c.text for c in store.read(lambda s: s.output.get("e1"))] == [STRANGE] * 2
        assert store.read(lambda s: s.executions.get("e2")).due_last == NOW


def test_a_backup_holds_one_moment(filled, tmp_path, monkeypatch) -> None:
    archive = tmp_path / "a.backup"
    with closing(Store(filled)) as store:

        def meanwhile(what: str, done: int, total: int) -> None:
            if what == "jobs":  # its executions and its line in the audit log come later
                run = an_execution(id="late", job_id="late")
                store.write(lambda s: (s.jobs.add(a_job(id="late")), s.executions.add([run])))

        back_up(filled, archive, meanwhile)

    restored = DatabaseSettings(Dbms.SQLITE, path=tmp_path / "other.db")
    restore(archive, restored, quiet)
    assert not [row for row in everything(restored)["executions"] if "late" in row]


def test_all_is_restored_or_nothing(filled, tmp_path) -> None:
    archive = tmp_path / "a.backup"
    back_up(filled, archive, quiet)
    before = everything(filled)

    def stumble(what: str, done: int, total: int) -> None:
        if what.startswith("line"):
            raise StartError("Interrupted.")

    with pytest.raises(StartError, match="Interrupted"):
        restore(archive, filled, stumble, replace=True)

    assert everything(filled) == before


@pytest.fixture
def local(tmp_path: Path) -> DatabaseSettings:
    """A SQLite database: what is below does not depend on the kind."""
    settings = DatabaseSettings(Dbms.SQLITE, path=tmp_path / "local.db")
    with closing(Store(settings)) as store:
        store.write(fill)
    return settings


def test_what_ran_is_lost_and_what_waited_still_waits(local, tmp_path) -> None:
    archive = tmp_path / "a.backup"
    back_up(local, archive, quiet)
    restore(archive, local, quiet, replace=True)

    with closing(Store(local)) as store:
        ran = store.read(lambda s: s.executions.get("e3"))
        assert (ran.state, ran.cause) == (State.LOST, Cause.CRASH)
        assert "when the backup was made" in ran.reason
        assert store.read(lambda s: s.outcomes.last(["j3"]))["j3"].at == ran.ended_at
        assert store.read(lambda s: s.jobs.get("j3")).tags == ("night", "ünï")
        assert store.read(lambda s: s.executions.get("e2")).state is State.SCHEDULED


def test_what_is_there_is_replaced_only_when_asked(local, tmp_path) -> None:
    archive = tmp_path / "a.backup"
    back_up(local, archive, quiet)
    before = everything(local)

    with pytest.raises(StartError, match=r"is not empty.*--replace"):
        restore(archive, local, quiet)

    assert everything(local) == before


def test_only_its_owner_may_read_a_backup(local, tmp_path) -> None:
    archive = tmp_path / "a.backup"
    back_up(local, archive, quiet)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*in-progress*"))


def test_a_file_that_exists_stays_unless_told_otherwise(local, tmp_path) -> None:
    archive = tmp_path / "a.backup"
    archive.write_text("precious")
    with pytest.raises(StartError, match=r"exists already.*--overwrite"):
        back_up(local, archive, quiet)
    assert archive.read_text() == "precious"

    back_up(local, archive, quiet, overwrite=True)
    restore(archive, local, quiet, replace=True)


def test_the_database_is_never_overwritten(local, tmp_path) -> None:
    (tmp_path / "hard").hardlink_to(local.path)
    (tmp_path / "elsewhere").symlink_to(tmp_path)
    before = everything(local)

    for name in (
        *("local.db", "local.db-wal", "local.db-shm", "local.db-journal"),
        *("hard", "elsewhere/local.db"),
    ):
        with pytest.raises(StartError, match=r"is of the database itself"):
            back_up(local, tmp_path / name, quiet, overwrite=True)

    assert everything(local) == before
    assert (tmp_path / "hard").samefile(local.path)
    linked = replace(local, path=tmp_path / "elsewhere" / "local.db")
    with pytest.raises(StartError, match=r"is of the database itself"):
        back_up(linked, tmp_path / "local.db", quiet, overwrite=True)


@pytest.mark.parametrize("overwrite", [True, False])
def test_only_a_file_is_ever_replaced(local, tmp_path, overwrite) -> None:
    folder, link, fifo = tmp_path / "folder", tmp_path / "link", tmp_path / "fifo"
    folder.mkdir()
    link.symlink_to(tmp_path / "nothing")
    os.mkfifo(fifo)

    def copied(*_progress: object) -> None:
        raise AssertionError("It was copied before.")

    for path, kind in ((folder, "a folder"), (link, "a symbolic link"), (fifo, "a device")):
        with pytest.raises(StartError, match=f"{path.name} is {kind}.*Name a file"):
            back_up(local, path, copied, overwrite=overwrite)

    assert (folder.is_dir(), link.is_symlink(), fifo.is_fifo()) == (True, True, True)


def test_a_restore_that_is_refused_makes_no_table(filled, in_sql, tmp_path) -> None:
    archive = tmp_path / "a.backup"
    back_up(filled, archive, quiet)
    before = in_sql(lambda c: set(inspect(c).get_table_names()))

    for names, why in (
        (TableNames(), "is not empty"),
        (TableNames(jobs="qq"), "made with other table names"),
        (TableNames("q1", "q2", "q3", "q4"), "made with other table names"),
    ):
        with pytest.raises(StartError, match=why):
            restore(archive, replace(filled, tables=names), quiet)

    assert in_sql(lambda c: set(inspect(c).get_table_names())) == before


def test_a_database_that_was_only_started_on_is_empty(database, local, tmp_path) -> None:
    archive = tmp_path / "a.backup"
    back_up(local, archive, quiet)
    Store(database).close()

    restore(archive, database, quiet)

    assert len(everything(database)["jobs"]) == 3


def test_a_backup_that_fails_leaves_the_former_one(local, tmp_path) -> None:
    archive = tmp_path / "a.backup"
    archive.write_text("precious")

    def stumble(*_progress: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(StartError, match=r"No space left on device.*has space"):
        back_up(local, archive, stumble, overwrite=True)

    assert archive.read_text() == "precious"
    assert not list(tmp_path.glob("*in-progress*"))


def test_a_folder_that_is_not_there_is_named(local, tmp_path) -> None:
    with pytest.raises(StartError, match=r"nowhere/a\.backup cannot be written"):
        back_up(local, tmp_path / "nowhere" / "a.backup", quiet)


def test_a_backup_of_the_first_release_is_upgraded_and_left_as_it_is(local, tmp_path) -> None:
    archive = tmp_path / "first.backup"
    with closing(sqlite3.connect(archive)) as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))
    before = archive.read_bytes()

    restore(archive, local, quiet, replace=True)

    assert archive.read_bytes() == before
    assert len(everything(local)["jobs"]) == 2
    assert len(everything(local)["job_history"]) == 2


def test_what_is_no_backup_is_refused(local, tmp_path) -> None:
    nothing, other, text = tmp_path / "none", tmp_path / "other.db", tmp_path / "text"
    text.write_text("This is no database, but long enough to be looked at." * 100)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE customers (id INTEGER)")
    cut, renamed = tmp_path / "cut", tmp_path / "renamed"
    back_up(local, cut, quiet)
    os.truncate(cut, cut.stat().st_size // 2)
    Store(DatabaseSettings(Dbms.SQLITE, path=renamed, tables=TableNames(jobs="qq"))).close()
    before = everything(local)

    for path, error, words in (
        (nothing, StartError, "There is no backup"),
        (other, RevisionError, "is no backup"),
        (tmp_path, StartError, "is a folder, and no backup"),
        (Path("/dev/null"), StartError, "/dev/null is a device or the like, and no backup"),
        (text, StoreCorruptError, r"text cannot be read as a backup: file is not a database"),
        (cut, StoreCorruptError, r"cut cannot be read as a backup.*Nothing was restored.*cut off"),
        (renamed, StartError, "renamed was made with other table names"),
    ):
        with pytest.raises(error, match=words):
            restore(path, local, quiet, replace=True)

    assert everything(local) == before
