"""Connections to the database: one engine that writes, one that only reads."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool

from botsched.settings.model import DatabaseSettings, Dbms

_BUSY_MILLISECONDS = 10_000


@dataclass(frozen=True, slots=True)
class Engines:
    """``writing`` is used by one thread only; ``name`` is for messages and holds no password."""

    writing: Engine
    reading: Engine
    name: str

    def use_wal(self) -> None:
        """Let SQLite readers work beside the writer; this changes the file, so only one of ours."""
        if self.writing.dialect.name == "sqlite":
            connection = self.writing.raw_connection()
            try:
                connection.cursor().execute("PRAGMA journal_mode=WAL")
            finally:
                connection.close()

    def dispose(self) -> None:
        """Close all connections."""
        self.reading.dispose()
        self.writing.dispose()


def open_engines(settings: DatabaseSettings, readers: int = 8) -> Engines:
    """Engines for these settings; nothing is opened, read or written yet."""
    if settings.dbms is Dbms.SQLITE:
        return _sqlite(settings.path or Path("bots-scheduler.db"), readers)
    driver = "postgresql+psycopg" if settings.dbms is Dbms.POSTGRESQL else "mysql+pymysql"
    query = {"sslmode": settings.sslmode} if settings.sslmode else {}
    url = URL.create(
        driver,
        settings.user,
        settings.password,
        settings.hostname,
        settings.port,
        settings.database,
        query,
    )
    options: dict[str, Any] = {"pool_pre_ping": True, "hide_parameters": True}
    return Engines(
        writing=create_engine(url, pool_size=1, max_overflow=0, **options),
        reading=create_engine(url, pool_size=readers, **options),
        name=url.render_as_string(hide_password=True),
    )


def _sqlite(path: Path, readers: int) -> Engines:
    url = URL.create("sqlite", database=str(path))
    arguments = {"timeout": _BUSY_MILLISECONDS / 1000, "check_same_thread": False}
    writing = create_engine(
        url, poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args=arguments,
        hide_parameters=True,
    )  # fmt: skip
    reading = create_engine(
        url, poolclass=QueuePool, pool_size=readers, max_overflow=8, connect_args=arguments,
        hide_parameters=True,
    )  # fmt: skip
    # FULL: an acknowledged commit survives a power cut. The writer groups commits, so the
    # price is one flush for many of them.
    _on_connect(writing, "synchronous=FULL")
    _on_connect(reading, "query_only=ON")
    # A transaction that reads first and writes later cannot wait for the lock; it must hold it
    # from its beginning.
    event.listen(writing, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return Engines(writing, reading, str(path))


def sqlite_probe(path: Path) -> Engine:
    """An engine that reads a SQLite file without making or changing it."""
    return create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=NullPool)


def _on_connect(engine: Engine, *pragmas: str) -> None:
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
