"""Years of history, made in a minute: rows go in by the bulk loader of each database.

What is stored looks as if written by the program: jobs of many customers, executions two a second
of which most succeeded, a line of output each, mails about those that failed, an audit log.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine

from botsched.settings.model import DatabaseSettings
from botsched.store.engine import open_engines
from botsched.store.schema import Schema
from botsched.store.store import Store

Row = dict[str, Any]

CLASS = "jobs.empty.Empty"
SPACING = timedelta(seconds=0.5)
BUSY_SHARE = 10
"""One execution of so many is of the first job, which so has a long history of its own."""


class History:
    """Makes jobs, then executions from now on backwards, as many as are wanted."""

    def __init__(self, settings: DatabaseSettings, jobs: int) -> None:
        self._settings = settings
        self._schema = Schema(settings.tables)
        self._jobs = jobs
        self._made = 0
        self.now = datetime.now(UTC).replace(tzinfo=None)
        Store(settings).close()
        numbers = range(jobs)
        versions = map(self._version, numbers)
        self._load({self._schema.jobs: map(self._job, numbers), self._schema.job_history: versions})

    def grow(self, executions: int) -> None:
        """Have so many executions in all."""
        numbers = range(self._made, executions)
        self._made = executions
        self._load(
            {
                self._schema.executions: map(self._execution, numbers),
                self._schema.output: map(self._output, numbers),
                self._schema.outbox: map(self._mail, filter(_failed, numbers)),
                self._schema.audit: map(self._event, numbers[::10]),
            }
        )

    def job_id(self, number: int) -> str:
        """The id of a job; that of number 0 is busy."""
        return f"{number:032x}"

    def _load(self, tables: dict[Table, Iterable[Row]]) -> None:
        for table, rows in tables.items():
            load(self._settings, table, rows)

    def _job(self, number: int) -> Row:
        fields = {"year": "2099", "hour": str(number % 24), "minute": str(number // 24 % 60)}
        schedule = {"type": "cron", "fields": fields, "timezone": "Europe/Brussels"}
        return {
            "id": self.job_id(number),
            "name": f"Nightly export of customer {number:05}",
            "job_class": CLASS,
            "arguments": json.dumps([f"/usr/local/bin/export --customer {number}"]),
            "schedule": json.dumps(schedule),
            "next_due": datetime(2099, 1, 1) + timedelta(seconds=number),
            "created_at": self.now,
            "updated_at": self.now,
            "version": 1,
        }

    def _version(self, number: int) -> Row:
        job = self._job(number)
        return {
            "job_id": job["id"],
            "version": 1,
            "event": "added",
            "user": "bench",
            "at": self.now,
            "since": self.now,
            "name": job["name"],
            "schedule": job["schedule"],
            "paused": 0,
        }

    def _job_of(self, number: int) -> int:
        return 0 if number % BUSY_SHARE == 0 else number % self._jobs

    def _execution(self, number: int) -> Row:
        of = self._job_of(number)
        begin = self._begin(number)
        state, cause, reason = _fate(number)
        return {
            "id": _execution_id(number),
            "job_id": self.job_id(of),
            "job_name": f"Nightly export of customer {of:05}",
            "job_class": CLASS,
            "arguments": json.dumps([f"/usr/local/bin/export --customer {of}"]),
            "state": state,
            "cause": cause,
            "reason": reason,
            "scheduled_at": begin,
            "updated_at": begin + timedelta(seconds=1),
            "due": begin,
            "due_count": 1,
            "started_at": begin,
            "ended_at": begin + timedelta(seconds=1),
            "hostname": "host",
            "pid": 4711,
            "result": json.dumps({"exported": number}),
            "output_bytes": 60,
            "output_dropped": 0,
            "cpu_seconds": 0.25,
            "max_rss": 2**25,
            "attempt": 1,
        }

    def _output(self, number: int) -> Row:
        return {
            "execution_id": _execution_id(number),
            "sequence": 1,
            "stream": "out",
            "at": self._begin(number),
            "text": f"exported {number} records into the usual place of all exports\\n",
        }

    def _mail(self, number: int) -> Row:
        return {
            "id": _execution_id(number),
            "execution_id": _execution_id(number),
            "job_id": self.job_id(self._job_of(number)),
            "profile": "ops",
            "kind": "run",
            "state": "delivered",
            "attempts": 1,
            "created_at": self._begin(number),
            "ended_at": self._begin(number),
        }

    def _event(self, number: int) -> Row:
        of = number % self._jobs
        return {
            "id": _execution_id(number),
            "event": "custom_run",
            "user": f"user{number % 7}",
            "job_id": self.job_id(of),
            "job_name": f"Nightly export of customer {of:05}",
            "created_at": self._begin(number),
            "description": _execution_id(number),
        }

    def _begin(self, number: int) -> datetime:
        return self.now - SPACING * (number + 4)


def _execution_id(number: int) -> str:
    return f"{2**60 - number:032x}"


def _failed(number: int) -> bool:
    return number % 50 == 7


def _fate(number: int) -> tuple[str, str, str]:
    if _failed(number):
        return "failed", "raised", f"CustomerError: customer {number} has no address."
    if number % 100 == 9:
        return "skipped", "overlap", "An earlier run of the job had not ended."
    return "succeeded", "returned", ""


def load(settings: DatabaseSettings, table: Table, rows: Iterable[Row]) -> None:
    """Put rows into a table of an empty or growing database in one transaction."""
    engines = open_engines(settings)
    url = engines.writing.url
    password = (settings.password or "").encode()
    arguments = (
        {"local_infile": True, "password": password} if url.drivername[:5] == "mysql" else {}
    )
    engine = create_engine(url, connect_args=arguments)
    names = [column.name for column in table.columns]
    values = ([row.get(name) for name in names] for row in rows)
    try:
        with engine.begin() as connection:
            _LOADERS[engine.dialect.name](connection, table, names, values)
    finally:
        engine.dispose()


Values = Iterator[list[Any]]


def _sqlite(connection: Connection, table: Table, names: list[str], values: Values) -> None:
    marks = ", ".join("?" for _ in names)
    statement = f"INSERT INTO {table.name} ({', '.join(map(_quoted, names))}) VALUES ({marks})"
    cursor: Any = connection.connection.cursor()
    cursor.executemany(statement, ([_text(value) for value in row] for row in values))


def _postgresql(connection: Connection, table: Table, names: list[str], values: Values) -> None:
    cursor: Any = connection.connection.cursor()
    statement = f"COPY {table.name} ({', '.join(map(_quoted, names))}) FROM STDIN"
    with cursor.copy(statement) as copy:
        for line in map(_line, values):
            copy.write(line)


def _mysql(connection: Connection, table: Table, names: list[str], values: Values) -> None:
    quoted = ", ".join(f"`{name}`" for name in names)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows"
        with file.open("w", encoding="utf-8") as opened:
            opened.writelines(map(_line, values))
        connection.exec_driver_sql(
            f"LOAD DATA LOCAL INFILE '{file}' INTO TABLE {table.name} "
            f"CHARACTER SET utf8mb4 ({quoted})"
        )


_LOADERS: dict[str, Callable[[Connection, Table, list[str], Values], None]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "mysql": _mysql,
}


def _quoted(name: str) -> str:
    return f'"{name}"'


def _text(value: Any) -> Any:
    return value.isoformat(" ", "microseconds") if isinstance(value, datetime) else value


def _line(row: list[Any]) -> str:
    """A line as COPY of PostgreSQL and LOAD DATA of MySQL both read it."""
    return "\t".join("\\N" if value is None else str(_text(value)) for value in row) + "\n"
