"""A store and a runner that is not started: what it is handed can be looked at."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from botsched.catalog import load
from botsched.domain.execution import Execution
from botsched.domain.job import Job
from botsched.domain.paging import AuditFilter, ExecutionFilter, Paging
from botsched.errors import StoreUnavailableError
from botsched.execution.recording import Recorder
from botsched.execution.runner import Runner
from botsched.settings.model import DatabaseSettings, Dbms, ExecutionSettings
from botsched.store.store import Store
from tests.support.values import DEFAULTS, NOW


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


class Rows(list[Execution]):
    """What is recorded, in the order of the instants."""

    def told(self) -> list[tuple]:
        return [(each.due, each.due_last, each.due_count, each.state, each.cause) for each in self]


class Record:
    """A store as the tests ask it."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def add(self, *jobs: Job) -> None:
        self.store.write(lambda session: [session.jobs.add(job) for job in jobs])

    def add_executions(self, *executions: Execution) -> None:
        self.store.write(lambda session: session.executions.add(list(executions)))

    def job(self, job_id: str) -> Job:
        return self.store.read(lambda session: session.jobs.get(job_id))

    def execution(self, execution_id: str) -> Execution:
        return self.store.read(lambda session: session.executions.get(execution_id))

    def rows(self) -> Rows:
        page = self.store.read(lambda s: s.executions.find(ExecutionFilter(), Paging()))
        return Rows(sorted(page.items, key=lambda row: (row.scheduled_at, row.id)))

    def audit(self) -> list[tuple[str, str, str, str]]:
        page = self.store.read(lambda s: s.audit.find(AuditFilter(), Paging()))
        return [
            (each.event.value, each.user, each.job_name, each.description)
            for each in reversed(page.items)
        ]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "test.db"))
    yield Record(store)
    store.close()


@pytest.fixture
def changes(record: Record) -> Callable[[], list[Any]]:
    """What each line of the audit log says was changed, the oldest first."""

    def told() -> list[Any]:
        page = record.store.read(lambda s: s.audit.find(AuditFilter(), Paging()))
        return [
            event.changes and [(each.field, each.before, each.after) for each in event.changes]
            for event in reversed(page.items)
        ]

    return told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A job folder with one good module and bad ones."""
    folder = tmp_path / "jobs"
    folder.mkdir()
    job = "from botscheduler import *\nclass {}(JobBase):\n    def run(self):\n        pass\n"
    (folder / "good.py").write_text(job.format("Good") + job.format("Better"))
    (folder / "broken.py").write_text("import nothing_of_this_name\n")
    (folder / "half.py").write_text(job.format("Fine") + job.format("Bad") + "    info = 3\n")
    return folder


@pytest.fixture
def runner(record: Record, folder: Path, clock: Clock) -> Runner:
    settings = ExecutionSettings((folder,), folder.parent)
    runner = Runner(settings, Recorder(record.store, clock, DEFAULTS), clock)
    runner._running.starter._catalogue = load([folder]).description()
    runner._running.starter._loaded.set()
    return runner


@pytest.fixture
def handed_over(runner: Runner) -> Callable[[], list[str]]:
    """The executions that the runner was handed since the last call, in order."""

    def take() -> list[str]:
        runner._obey()
        waiting = runner._line._orders
        return [waiting.popleft().execution.id for _ in range(len(waiting))]

    return take


@pytest.fixture
def lose_answer(record: Record) -> Callable[..., None]:
    """Cut the connection at the next commit: after it, or just before."""

    def lose(*, committed: bool = True) -> None:
        def once(connection: Connection) -> None:
            event.remove(engine, "commit", once)
            if committed:
                connection.exec_driver_sql("COMMIT")
            raise StoreUnavailableError("The connection was lost.")

        engine = record.store._engines.writing
        event.listen(engine, "commit", once)

    return lose
