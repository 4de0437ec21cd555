"""Databases of ndscheduler on each system, taken over into each."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, text

from botsched.catalog import CatalogueDescription
from botsched.domain.execution import Cause, Execution, State
from botsched.domain.paging import AuditFilter, ExecutionFilter, Paging
from botsched.errors import StoreError
from botsched.moving.ndscheduler.making import JobMaker
from botsched.moving.ndscheduler.tables import Tables, find
from botsched.moving.ndscheduler.takeover import Takeover
from botsched.moving.report import Report
from botsched.scheduling.verifying import verify_record
from botsched.settings.model import DatabaseSettings, Dbms, SchedulingSettings
from botsched.store.errors import mapped_errors
from botsched.store.foreign import Foreign
from botsched.store.session import Session
from botsched.store.store import Store
from tests.support.ndscheduler import (
    BEGUN,
    JOB_IDS,
    NEW_RUN,
    PASSWORD,
    Content,
    event,
    execution,
    fill,
    job_state,
    later_args,
    pickled,
    sqlite_file,
)

NOW = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)
CLASS = "simple_scheduler.jobs.shell_job.ShellJob"
RUNS = 603  # of which several portions are read
EVERYTHING = Paging(limit=5000)

CONTENT = Content(
    {
        JOB_IDS[0]: (NOW.timestamp(), pickled(job_state())),
        JOB_IDS[1]: (
            None,
            pickled(job_state(JOB_IDS[1], func=NEW_RUN, args=later_args("ä☃", job_id=JOB_IDS[1]))),
        ),
        JOB_IDS[2]: (NOW.timestamp(), b"cos\nsystem\n(S'id'\ntR."),
    },
    [
        *(execution(number) for number in range(RUNS - 1)),
        execution(RUNS, state=1, result="☃", updated_time=None),
    ],
    [event(0), event(1), event(1), event(2, job_id="f" * 32, description=f"<br>{PASSWORD}")],
)


def takeover_of(foreign: Foreign) -> Takeover:
    defaults = SchedulingSettings()
    maker = JobMaker(CatalogueDescription(hidden=(CLASS,)), (), defaults, "ann (import)", NOW)
    return Takeover(foreign, find(foreign.tables(), Tables()), maker, [])


def import_into(store: Store, source: DatabaseSettings) -> tuple[Report, list[tuple[str, int]]]:
    told: list[tuple[str, int]] = []
    with Foreign(source) as foreign:
        takeover = takeover_of(foreign)
        report = takeover.report(store.read)
        report = report.beside(store.read(lambda s: s.jobs.by_ids(JOB_IDS)))
        takeover.carry_out(store, report.new_jobs, NOW, lambda what, n, _: told.append((what, n)))
    return report, told


def runs_of(session: Session) -> list[Execution]:
    return session.executions.find(ExecutionFilter(), EVERYTHING).items


@pytest.fixture
def plain_engine(database: DatabaseSettings):
    """As ndscheduler opens its database, with the settings of the server."""
    if database.path is not None:
        engine = create_engine(f"sqlite:///{database.path}")
    else:
        is_mysql = database.dbms is Dbms.MYSQL
        url = URL.create(
            "mysql+pymysql" if is_mysql else "postgresql+psycopg",
            database.user, None, database.hostname, database.port, database.database,
            {"charset": "utf8mb4"} if is_mysql else {},
        )  # fmt: skip
        password = database.password or ""
        engine = create_engine(
            url, connect_args={"password": password.encode() if is_mysql else password}
        )
    if database.dbms is Dbms.MYSQL:
        with engine.begin() as connection:
            connection.execute(text("ALTER DATABASE bots CHARACTER SET utf8mb4"))
    yield engine
    engine.dispose()


def test_a_database_of_each_kind_is_read(
    database: DatabaseSettings, plain_engine: Engine, tmp_path: Path
) -> None:
    fill(plain_engine, CONTENT)
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "ours.db"))
    try:
        report, told = import_into(store, database)
        runs = {run.id: run for run in store.read(runs_of)}
        jobs = store.read(lambda session: session.jobs.by_ids(JOB_IDS))
        events = store.read(lambda session: session.audit.find(AuditFilter(), EVERYTHING)).items
    finally:
        store.close()

    assert report.besides == (f"{RUNS:,} executions", "4 lines of the audit log")
    assert told[-2:] == [("executions", RUNS), ("lines of the audit log", 4)]
    assert sorted(jobs) == JOB_IDS[:2]
    assert jobs[JOB_IDS[1]].arguments == ["ä☃"]
    assert len(runs) == RUNS
    assert runs[f"{1:032x}"].scheduled_at == execution(1)["scheduled_time"]
    assert runs[f"{1:032x}"].duration == 3
    last = runs[f"{RUNS:032x}"]
    assert (last.state, last.result, last.cause) == (State.LOST, "☃", Cause.IMPORTED)
    assert event(1)["created_time"] in {each.created_at for each in events}
    assert "******" in {each.description for each in events}


def test_a_database_of_each_kind_takes_it_over_once(store: Store, tmp_path: Path) -> None:
    source = DatabaseSettings(Dbms.SQLITE, path=sqlite_file(tmp_path / "theirs.db", CONTENT))

    first, _ = import_into(store, source)
    before = store.read(runs_of)
    second, _ = import_into(store, source)

    assert [len(first.new_jobs), len(second.new_jobs)] == [2, 0]
    assert second.besides == ()
    assert store.read(runs_of) == before
    assert len(before) == RUNS
    outcome = store.read(lambda session: session.outcomes.last(JOB_IDS[:1]))[JOB_IDS[0]]
    assert (outcome.execution_id, outcome.state) == (f"{RUNS:032x}", State.LOST)
    verdict = verify_record(store, BEGUN, NOW, NOW, None)
    assert verdict.clean
    assert verdict.due == 0


def test_nothing_can_be_written_there(database: DatabaseSettings, plain_engine: Engine) -> None:
    fill(plain_engine, Content())

    with Foreign(database) as foreign:
        assert foreign.count("scheduler_jobs") == 0
        for statement in (
            "DELETE FROM scheduler_jobs",
            "CREATE TABLE mine (a INTEGER)",
            "INSERT INTO scheduler_jobauditlog VALUES ('a', 'b', 1, 'c', '2026-01-01', 'd')",
        ):
            with (
                pytest.raises(StoreError),
                mapped_errors("there"),
                foreign._engines[0].begin() as connection,
            ):
                connection.execute(text(statement))
        assert "mine" not in foreign.tables()
