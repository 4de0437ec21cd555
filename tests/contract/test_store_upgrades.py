"""Databases of earlier revisions, carried to the present one with all that is in them."""

import logging
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.execution import State
from botsched.domain.ids import LONGEST_JOB_ID
from botsched.domain.outbox import Mail, MailKind, MailState
from botsched.domain.paging import AuditFilter, JobFilter, Paging
from botsched.domain.verification import Kind
from botsched.errors import StartError
from botsched.scheduling.verifying import verify_record
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store import changes
from botsched.store.changes import (
    AddedColumn,
    FirstLooks,
    FirstOutcomes,
    FirstVersions,
    JobsOfMails,
    WidenedColumn,
    all_changes,
)
from botsched.store.revisions import examine
from botsched.store.schema import REVISION, Schema
from botsched.store.store import Store
from tests.support.values import NOW, a_job, an_execution

InSql = Callable[[Callable[[Connection], object]], object]

FIRST = Path(__file__).parent / "revision_1"
SECOND = Path(__file__).parent / "revision_2"
THIRD = Path(__file__).parent / "revision_3"
FOURTH = Path(__file__).parent / "revision_4"
MINUTELY, PAUSED, SKIPPED = "a" * 32, "b" * 32, "c" * 32


def fill(folder: Path, database: DatabaseSettings, in_sql: InSql) -> DatabaseSettings:
    statements = (folder / f"{database.dbms}.sql").read_text(encoding="utf-8").split(";\n")

    def make(connection: Connection) -> None:
        for statement in filter(str.strip, statements):
            connection.exec_driver_sql(statement)

    in_sql(make)
    return database


@pytest.fixture
def upgraded_at(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A moment before the rows, which are of March 2027."""
    moment = datetime(2026, 11, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(changes, "system_clock", lambda: moment)
    return moment


@pytest.fixture
def first(database: DatabaseSettings, in_sql: InSql) -> DatabaseSettings:
    """A database as the first release left it, with a few rows."""
    return fill(FIRST, database, in_sql)


@pytest.fixture
def second(database: DatabaseSettings, in_sql: InSql) -> DatabaseSettings:
    """A database of the second revision, with a few rows."""
    return fill(SECOND, database, in_sql)


@pytest.fixture
def third(database: DatabaseSettings, in_sql: InSql) -> DatabaseSettings:
    """A database of the third revision, with a few rows."""
    return fill(THIRD, database, in_sql)


@pytest.fixture
def fourth(database: DatabaseSettings, in_sql: InSql) -> DatabaseSettings:
    """A database of the fourth revision, with a few rows."""
    return fill(FOURTH, database, in_sql)


@pytest.fixture(params=["first", "second", "third", "fourth"])
def earlier(request: pytest.FixtureRequest) -> DatabaseSettings:
    """A database of each earlier revision."""
    return request.getfixturevalue(request.param)


def layout(connection: Connection) -> dict[str, object]:
    """Columns, keys and indexes of all tables, in any order; to SQLite, lengths mean nothing."""
    inspector = inspect(connection)

    def kind(column: ReflectedColumn) -> str:
        told = str(column["type"])
        return told.partition("(")[0] if connection.dialect.name == "sqlite" else told

    return {
        name: (
            {
                column["name"]: (kind(column), column["nullable"], column["default"])
                for column in inspector.get_columns(name)
            },
            inspector.get_pk_constraint(name)["constrained_columns"],
            sorted(
                (index["name"], tuple(index["column_names"]), bool(index["unique"]))
                for index in inspector.get_indexes(name)
            ),
        )
        for name in inspector.get_table_names()
    }


def rows(connection: Connection, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(text(query))]


def revision(connection: Connection) -> str:
    return rows(connection, "SELECT value FROM scheduler_meta WHERE name = 'revision'")[0][0]


def drop_all(connection: Connection) -> None:
    for name in inspect(connection).get_table_names():
        connection.execute(text(f"DROP TABLE {name}"))


def test_the_schema_is_as_if_made_anew(earlier, in_sql) -> None:
    Store(earlier).close()
    carried = in_sql(layout)
    in_sql(drop_all)
    if earlier.path is not None:
        earlier.path.unlink()
    Store(earlier).close()

    assert carried == in_sql(layout)
    assert in_sql(revision) == str(REVISION)


def test_nothing_that_was_stored_is_lost(first) -> None:
    store = Store(first)

    jobs = store.read(lambda s: s.jobs.find(JobFilter(), Paging())).items
    assert [job.name for job in jobs] == ["every minute", "nachts; für 'alle' ☃"]
    assert jobs[1].arguments == {"path": "/tmp/ü"}
    assert jobs[1].paused_by == "ann"
    ran = store.read(lambda s: s.executions.get("1" * 32))
    assert (ran.state, ran.result, ran.max_rss) == (State.SUCCEEDED, {"x": [1, None]}, 9000000)
    assert store.read(lambda s: s.executions.get("2" * 32)).due_count == 10
    assert len(store.read(lambda s: s.output.get("1" * 32))) == 1
    assert len(store.read(lambda s: s.audit.find(AuditFilter(), Paging())).items) == 1
    store.close()


def test_nothing_of_the_second_revision_is_lost(second) -> None:
    store = Store(second)

    jobs = store.read(lambda s: s.jobs.find(JobFilter(), Paging())).items
    assert [job.id for job in jobs] == [MINUTELY, PAUSED, SKIPPED]
    assert jobs[1].policy.then_run == (MINUTELY,)
    assert (jobs[1].policy.keep_days, jobs[1].policy.max_instances) == (30, 2)
    assert (jobs[1].tags, jobs[1].notes) == ((), "")
    again = store.read(lambda s: s.executions.get("2" * 32))
    assert (again.attempt, again.retry_of, again.result) == (2, "1" * 32, {"x": [1, None]})
    assert store.read(lambda s: s.controls.get()).hold.user == "ann"
    assert len(store.read(lambda s: s.job_history.of(MINUTELY))) == 1
    assert len(store.read(lambda s: s.audit.find(AuditFilter(), Paging())).items) == 1
    store.close()


def test_nothing_of_the_third_revision_is_lost(third) -> None:
    store = Store(third)

    jobs = store.read(lambda s: s.jobs.find(JobFilter(), Paging())).items
    assert [(job.id, job.managed_by) for job in jobs] == [
        (MINUTELY, None), (PAUSED, None), (SKIPPED, None),
    ]  # fmt: skip
    assert (jobs[0].tags, jobs[0].notes) == (("nightly", "ü"), "For ops.")
    assert store.read(lambda s: s.executions.get("4" * 32)).progress_text == "half"
    (event,) = store.read(lambda s: s.audit.find(AuditFilter(), Paging())).items
    assert event.changes[0].before == "a"
    store.close()


def test_nothing_of_the_fourth_revision_is_lost(fourth) -> None:
    store = Store(fourth)

    jobs = store.read(lambda s: s.jobs.find(JobFilter(), Paging())).items
    assert [job.managed_by for job in jobs] == [None, None, "crontab"]
    (delivered,) = store.read(lambda s: s.outbox.of_execution("1" * 32))
    assert (delivered.state, delivered.recipients) == (MailState.DELIVERED, ["a@b.c"])
    (deferred,) = store.read(lambda s: s.outbox.of_execution("2" * 32))
    assert (deferred.to, deferred.recipients) == (["a@b.c", "Ü <u@b.c>"], ["u@b.c"])
    assert (deferred.attempts, deferred.last_error) == (2, "451 später")
    for mail in (delivered, deferred):
        assert (mail.job_id, mail.kind, mail.why, mail.log) == (MINUTELY, MailKind.RUN, None, ())
    (of_nothing,) = store.read(lambda s: s.outbox.of_execution("9" * 32))
    assert (of_nothing.state, of_nothing.job_id) == (MailState.QUEUED, None)
    store.close()


def test_long_ids_of_jobs_have_room_everywhere(third) -> None:
    store, job = Store(third), a_job(id="x" * LONGEST_JOB_ID, managed_by="m" * 255)
    mail = Mail("m1", "e1", "ops", MailState.QUEUED, 0, NOW, NOW, job_id=job.id)
    event = AuditEvent(Event.ADDED, "ann", NOW, job.id, job.name)
    run = an_execution(job_id=job.id, due=NOW)

    store.write(lambda s: (s.jobs.add(job), s.executions.add([run]), s.audit.add(event)))
    store.write(lambda s: (s.outbox.add([mail]), s.job_history.cut_off({job.id: NOW})))

    assert store.read(lambda s: s.jobs.get(job.id)) == job
    assert store.read(lambda s: s.outbox.of_execution("e1")) == [mail]
    assert store.read(lambda s: s.executions.get(run.id)).job_id == job.id
    wanted = AuditFilter(job_id=job.id)
    assert len(store.read(lambda s: s.audit.find(wanted, Paging())).items) == 1
    assert store.read(lambda s: s.job_history.last(job.id)).job_id == job.id
    assert store.read(lambda s: s.job_history.removed_until([job.id])) == {job.id: NOW}
    store.close()


def test_the_last_outcome_of_each_job_is_noted(second, in_sql) -> None:
    """A run that goes on and an instant that was skipped are none."""
    Store(second).close()

    query = "SELECT id, last_execution, last_state, last_at FROM scheduler_jobs ORDER BY id"
    found = [(*row[:3], str(row[3])[:19]) for row in in_sql(lambda c: rows(c, query))]
    assert found == [
        (MINUTELY, "2" * 32, "succeeded", "2027-03-01 11:58:06"),
        (PAUSED, "5" * 32, "missed", "2027-03-01 02:00:00"),
        (SKIPPED, None, None, "None"),
    ]


def test_present_rows_get_the_defaults_of_new_columns(first, in_sql) -> None:
    Store(first).close()

    found = in_sql(lambda c: rows(c, "SELECT attempt, retry_of, token FROM scheduler_execution"))
    assert found == [(1, None, None)] * 3


def test_each_job_that_is_not_paused_is_looked_at_when_it_is_due(first, in_sql) -> None:
    Store(first).close()

    query = "SELECT id, look_at = next_due FROM scheduler_jobs ORDER BY id"
    assert in_sql(lambda c: rows(c, query)) == [(MINUTELY, True), (PAUSED, None)]


def test_each_job_gets_a_first_version_from_what_is_still_to_be_decided(
    first, in_sql, upgraded_at
) -> None:
    Store(first).close()

    query = (
        "SELECT h.job_id, h.version, h.event, h.name, h.paused, h.schedule = j.schedule, h.since "
        "FROM scheduler_job_history h JOIN scheduler_jobs j ON j.id = h.job_id ORDER BY h.job_id"
    )
    minutely, paused = in_sql(lambda c: rows(c, query))
    assert minutely[:6] == (MINUTELY, 4, "migrated", "every minute", False, True)
    assert paused[:6] == (PAUSED, 1, "migrated", "nachts; für 'alle' ☃", True, True)
    since = datetime.fromisoformat(str(minutely[6])).replace(tzinfo=UTC)
    assert since == upgraded_at


def test_instants_that_are_still_to_be_decided_are_part_of_the_first_version(first, in_sql) -> None:
    in_sql(lambda c: c.execute(text("UPDATE scheduler_jobs SET next_due = '2026-01-02 03:04:00'")))

    Store(first).close()

    found = in_sql(lambda c: rows(c, "SELECT since FROM scheduler_job_history"))
    assert {str(row[0])[:19] for row in found} == {"2026-01-02 03:04:00"}


def test_it_is_carried_on_once(first, in_sql, caplog) -> None:
    caplog.set_level(logging.INFO)
    Store(first).close()
    told = caplog.messages.copy()
    caplog.clear()

    Store(first).close()

    assert any(f"is of schema revision 1; it is carried to {REVISION}" in line for line in told)
    assert "Revision 2: add the column rules to the table scheduler_jobs." in told
    assert caplog.messages == []
    assert in_sql(lambda c: rows(c, "SELECT COUNT(*) FROM scheduler_job_history")) == [(2,)]


def test_an_examination_tells_all_and_changes_nothing(first, in_sql) -> None:
    before = in_sql(layout)

    upgrade = in_sql(lambda c: examine(c, Schema(first.tables), "the database"))

    assert upgrade
    assert upgrade.revision == 1
    assert "make the table scheduler_job_history" in upgrade.in_words()
    assert "add the column token to the table scheduler_execution" in upgrade.in_words()
    assert "make the index ux_scheduler_execution_attempt" in upgrade.in_words()
    assert in_sql(layout) == before


def test_nothing_is_to_be_done_for_a_new_database(database, in_sql) -> None:
    empty = in_sql(lambda c: examine(c, Schema(database.tables), "the database"))
    Store(database).close()
    made = in_sql(lambda c: examine(c, Schema(database.tables), "the database"))

    assert (bool(empty), empty.revision) == (False, None)
    assert (bool(made), made.in_words()) == (False, [])


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        *((AddedColumn, True), (FirstVersions, False), (FirstLooks, False), (FirstOutcomes, False)),
        *((WidenedColumn, True), (JobsOfMails, False)),
    ],
)
def test_an_upgrade_that_was_cut_off_is_completed(first, in_sql, monkeypatch, kind, made) -> None:
    """After the first change, or before the last, as MySQL would leave it; others go back."""
    if kind is WidenedColumn and first.dbms is Dbms.SQLITE:
        return  # where nothing has to be widened
    make = kind.make

    def cut(self, connection: Connection) -> None:
        if made:
            make(self, connection)
        raise KeyboardInterrupt

    monkeypatch.setattr(kind, "make", cut)
    with pytest.raises(KeyboardInterrupt):
        Store(first)
    monkeypatch.undo()
    assert in_sql(revision) == "1"

    Store(first).close()

    assert in_sql(revision) == str(REVISION)
    assert in_sql(lambda c: examine(c, Schema(first.tables), "it")).in_words() == []
    assert in_sql(lambda c: rows(c, "SELECT COUNT(*) FROM scheduler_job_history")) == [(2,)]
    query = "SELECT COUNT(*) FROM scheduler_jobs WHERE last_state IS NOT NULL"
    assert in_sql(lambda c: rows(c, query)) == [(1,)]


def look(change) -> Callable[[Connection], object]:
    """Whether it was made."""
    return lambda connection: change[1].is_made(connection, inspect(connection))


def test_each_change_can_tell_that_it_was_made(first, in_sql) -> None:
    changes = all_changes(Schema(first.tables))
    present = [] if first.dbms is Dbms.SQLITE else in_sql(lambda c: inspect(c).get_table_names())
    wide = [isinstance(c, WidenedColumn) and c.table.name not in present for _, c in changes]
    assert [in_sql(made) for made in map(look, changes)] == wide

    Store(first).close()

    assert [in_sql(made) for made in map(look, changes)] == [True] * len(changes)


@pytest.fixture
def first_file(tmp_path: Path) -> Path:
    path = tmp_path / "bots.db"
    connection = sqlite3.connect(path)
    connection.executescript((FIRST / "sqlite.sql").read_text(encoding="utf-8"))
    connection.close()
    return path


def backups(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.*revision*"))


def content(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def test_a_file_is_backed_up_first(first_file, caplog) -> None:
    before = content(first_file)

    Store(DatabaseSettings(Dbms.SQLITE, path=first_file)).close()

    (backup,) = backups(first_file)
    assert backup.name.startswith("bots.db.revision-1.")
    assert f"It is saved first, as {backup}." in caplog.messages
    assert content(backup) == before
    assert backup.stat().st_mode & 0o777 == 0o600
    assert {file.name for file in first_file.parent.iterdir()} == {"bots.db", backup.name}


def test_without_a_backup_nothing_is_changed(first_file, monkeypatch) -> None:
    before = content(first_file)

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("botsched.store.filebackup.os.fsync", full)
    with pytest.raises(StartError, match=r"cannot be backed up to .*: .*No space left on device"):
        Store(DatabaseSettings(Dbms.SQLITE, path=first_file))

    assert content(first_file) == before
    assert [file.name for file in first_file.parent.iterdir()] == ["bots.db"]


KILLED = """
import os, signal, sys
from pathlib import Path
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store import changes, revisions
from botsched.store.store import Store
left = int(sys.argv[2])
def count_down(function):
    def wrapped(*arguments):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return wrapped
for kind in (changes.AddedColumn, changes.FirstVersions):
    kind.make = count_down(kind.make)
revisions._write_revision = count_down(revisions._write_revision)
Store(DatabaseSettings(Dbms.SQLITE, path=Path(sys.argv[1])))
"""


@pytest.mark.slow
@pytest.mark.parametrize("made", [0, 5, 18])
def test_a_file_survives_a_kill_in_the_middle(first_file, made) -> None:
    before = content(first_file)
    command = [sys.executable, "-c", KILLED, str(first_file), str(made)]
    killed = subprocess.run(command, check=False, env=os.environ | {"PYTHONPATH": str(Path.cwd())})
    assert killed.returncode == -signal.SIGKILL
    assert content(backups(first_file)[0]) == before
    assert content(first_file) == before

    Store(DatabaseSettings(Dbms.SQLITE, path=first_file)).close()

    assert len(content(first_file)) > len(before)


def test_what_was_before_the_upgrade_is_not_asked_for(first, in_sql, upgraded_at) -> None:
    """Two jobs with instants to decide at the upgrade, and rows of a job that is long deleted."""
    begin = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    for statement in (
        "UPDATE scheduler_jobs SET next_due = '2026-01-02 03:04:00', paused_at = NULL",
        "UPDATE scheduler_execution SET job_id = 'gone'",
        "UPDATE scheduler_execution SET due = '2026-01-02 03:00:00' WHERE result IS NOT NULL",
    ):
        in_sql(lambda c, statement=statement: c.execute(text(statement)))
    store = Store(first)

    later = begin + timedelta(minutes=9)
    verdict = verify_record(store, begin - timedelta(days=1), later, later)

    assert (verdict.clean, verdict.jobs, verdict.partly) == (True, 2, 2)
    assert (verdict.due, verdict.counts) == (10, {Kind.OPEN: 10})
    end = datetime(2028, 1, 1, tzinfo=UTC)
    since = datetime(2027, 1, 1, tzinfo=UTC)
    of_nobody = [
        each for each in verify_record(store, since, end, end).findings if not each.job_name
    ]
    assert [each.execution_id for each in of_nobody] == ["2" * 32]
    store.close()
