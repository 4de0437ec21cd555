"""Databases as ndscheduler writes them, made by APScheduler's own triggers."""

import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
)

JOB_IDS = [f"{number:032x}" for number in range(1, 100)]
BEGUN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OLD_RUN = "ndscheduler.core.scheduler.base:SingletonScheduler.run_job"
NEW_RUN = "ndscheduler.corescheduler.core.base:BaseScheduler.run_job"
PASSWORD = 'pass "wörd" 4711'
PROFILE = {"user": "nd", "password": PASSWORD, "hostname": "h", "port": 5432, "database": "d"}
TABLES = {"jobs_tablename": "jobs", "executions_tablename": "execution"}
BETWEEN = ["ndscheduler.corescheduler.datastore.providers.postgres.DatastorePostgres", PROFILE]


def job_state(job_id: str = JOB_IDS[0], **changes: Any) -> dict[str, Any]:
    """What APScheduler pickles of a job of ndscheduler 0.3.0."""
    state = {
        "version": 1,
        "id": job_id,
        "func": OLD_RUN,
        "trigger": CronTrigger(minute="*/5", timezone="UTC"),
        "executor": "default",
        "args": ("simple_scheduler.jobs.shell_job.ShellJob", job_id, "echo", "hello"),
        "kwargs": {},
        "name": "Say hello",
        "misfire_grace_time": 3600,
        "coalesce": True,
        "max_instances": 3,
        "next_run_time": BEGUN,
    }
    return state | changes


def later_args(*given: Any, job_id: str = JOB_IDS[0]) -> tuple[Any, ...]:
    """Arguments as later versions keep them, with the profile of the database between."""
    return ("simple_scheduler.jobs.shell_job.ShellJob", job_id, *BETWEEN, TABLES, *given)


@dataclass
class Content:
    """Rows of such a database; ``jobs`` are pickled states by id, with the next run in seconds."""

    jobs: Mapping[str, tuple[float | None, bytes]] = field(default_factory=dict)
    executions: Iterable[Mapping[str, Any]] = ()
    events: Iterable[Mapping[str, Any]] = ()


def pickled(state: Any, protocol: int = pickle.HIGHEST_PROTOCOL) -> bytes:
    """The state as it stands in a row."""
    return pickle.dumps(state, protocol)


def execution(number: int, **changes: Any) -> dict[str, Any]:
    """A row of a run that succeeded."""
    begun = BEGUN + timedelta(minutes=number)
    row = {
        "eid": f"{number:032x}",
        "hostname": "oldhost",
        "pid": 4711,
        "state": 5,
        "scheduled_time": begun,
        "updated_time": begun + timedelta(seconds=3),
        "description": "hostname: oldhost | pid: 4711",
        "result": '{"returncode": 0}',
        "job_id": JOB_IDS[0],
        "task_id": None,
    }
    return row | changes


def event(number: int, **changes: Any) -> dict[str, Any]:
    """A row of the audit log."""
    row = {
        "job_id": JOB_IDS[0],
        "job_name": "Say hello",
        "event": 0,
        "user": "alice",
        "created_time": BEGUN + timedelta(minutes=number),
        "description": "",
    }
    return row | changes


def tables(prefix: str = "scheduler_") -> MetaData:
    """The tables; later versions have no prefix by default."""
    metadata = MetaData()
    time = DateTime(timezone=True)
    Table(
        f"{prefix}jobs", metadata,
        Column("id", String(191), primary_key=True),
        Column("next_run_time", Float(25), index=True),
        Column("job_state", LargeBinary, nullable=False),
    )  # fmt: skip
    Table(
        f"{prefix}execution", metadata,
        Column("eid", String(191), primary_key=True),
        Column("hostname", Text),
        Column("pid", Integer),
        Column("state", Integer, nullable=False),
        Column("scheduled_time", time, nullable=False),
        Column("updated_time", time),
        Column("description", Text),
        Column("result", Text),
        Column("job_id", Text, nullable=False),
        Column("task_id", Text),
    )  # fmt: skip
    Table(
        f"{prefix}jobauditlog", metadata,
        Column("job_id", Text, nullable=False),
        Column("job_name", Text, nullable=False),
        Column("event", Integer, nullable=False),
        Column("user", Text),
        Column("created_time", time, nullable=False),
        Column("description", Text),
    )  # fmt: skip
    return metadata


def fill(engine: Engine, content: Content, prefix: str = "scheduler_") -> None:
    """Make the tables and their rows."""
    metadata = tables(prefix)
    jobs = [
        {"id": job_id, "next_run_time": next_run, "job_state": state}
        for job_id, (next_run, state) in content.jobs.items()
    ]
    found = {"jobs": jobs, "execution": content.executions, "jobauditlog": content.events}
    with engine.begin() as connection:
        metadata.create_all(connection)
        for name, rows in found.items():
            if rows := list(rows):
                connection.execute(metadata.tables[prefix + name].insert(), rows)


def sqlite_file(path: Path, content: Content, prefix: str = "scheduler_") -> Path:
    """A file of SQLite with these rows."""
    engine = create_engine(f"sqlite:///{path}")
    fill(engine, content, prefix)
    engine.dispose()
    return path
