"""Connections to the database: one engine that writes, one that only reads."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from botsched.errors import StartError
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.settings.shipped import requirements
from botsched.store.patience import answer_within

_BUSY_MILLISECONDS = 10_000
_CONNECT_SECONDS = 5
_SILENT_SECONDS = 30
"""After how long without an answer a database server, or a program, is taken for gone."""

_HELD_SECONDS = 10
"""How long a transaction may stand still: a take-over waits for one of a program that froze."""

_LEASE_SECONDS = 3
"""How long anything about the lease may take."""


@dataclass(frozen=True, slots=True)
class Engines:
    """``writing`` is used by one thread only; ``name`` is for messages and holds no password.

    ``lease`` is for what may wait for no other work; on a file, where there is none, it writes.
    """

    writing: Engine
    reading: Engine
    lease: Engine
    name: str

    @property
    def is_file(self) -> bool:
        """Whether the database is a file of this machine, and no server."""
        return self.writing.dialect.name == "sqlite"

    def use_wal(self) -> None:
        """Let SQLite readers work beside the writer; this changes the file, so only one of ours."""
        if self.is_file:
            connection = self.writing.raw_connection()
            try:
                connection.cursor().execute("PRAGMA journal_mode=WAL")
            finally:
                connection.close()

    def dispose(self) -> None:
        """Close all connections."""
        self.lease.dispose()
        self.reading.dispose()
        self.writing.dispose()


def open_engines(settings: DatabaseSettings, readers: int = 8, *, identity: str = "") -> Engines:
    """Engines for these settings; nothing is opened, read or written yet.

    By its ``identity`` another server can end the sessions of this one when it takes over.

    Raises StartError when the driver is not installed.
    """
    if settings.dbms is Dbms.SQLITE:
        return _sqlite(settings.path or Path("bots-scheduler.db"), readers)
    return _server(settings, readers, identity)


def session_name(identity: str) -> str:
    """What sessions that may hold locks are called by PostgreSQL."""
    return f"bots-scheduler {identity}".strip()


def _server(settings: DatabaseSettings, readers: int, identity: str) -> Engines:
    where = (settings.hostname, settings.port, settings.database)
    kind = _postgresql if settings.dbms is Dbms.POSTGRESQL else _mysql
    driver, writing, reading, lease = kind(settings, identity)
    url = URL.create(driver, settings.user, settings.password, *where)
    options: dict[str, Any] = {"pool_pre_ping": True, "hide_parameters": True}
    try:
        engines = Engines(
            create_engine(
                url, pool_size=1, max_overflow=0, isolation_level="READ COMMITTED",
                connect_args=writing, **options,
            ),
            create_engine(
                url, pool_size=readers, max_overflow=8, isolation_level="AUTOCOMMIT",
                connect_args=reading, **options,
            ),
            create_engine(
                url, pool_size=1, max_overflow=0, isolation_level="READ COMMITTED",
                connect_args=lease, **options,
            ),
            URL.create(settings.dbms, settings.user, None, *where).render_as_string(),
        )  # fmt: skip
        answer_within(engines.writing, _SILENT_SECONDS)
        answer_within(engines.reading, _SILENT_SECONDS)
        answer_within(engines.lease, _LEASE_SECONDS + 1)
    except ImportError as error:
        raise StartError(
            f"The driver for {settings.dbms} is not installed ({error}). Install it with: "
            f"{sys.executable} -m pip install {requirements(settings.dbms)}"
        ) from None
    return engines


Kind = tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]
"""The driver, and the arguments of connections that write, that read, and that keep the lease.

A server ends the session, and with it the locks, of a program that is cut off from it; and the
program does not wait for ever for a server that is.
"""


def _postgresql(settings: DatabaseSettings, identity: str) -> Kind:
    common = {
        "connect_timeout": _CONNECT_SECONDS,
        "tcp_user_timeout": _SILENT_SECONDS * 1000,
        "keepalives_idle": 5,
        "keepalives_interval": 5,
        "keepalives_count": 5,
        "application_name": "bots-scheduler",
    }
    if settings.sslmode:
        common["sslmode"] = settings.sslmode
    options = (
        "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=5 "
        "-c client_encoding=UTF8"
    )
    held = f"{options} -c idle_in_transaction_session_timeout={_HELD_SECONDS}s"
    patience = f"-c lock_timeout={_LEASE_SECONDS}s -c statement_timeout={_LEASE_SECONDS}s"
    brief = {"connect_timeout": _LEASE_SECONDS, "tcp_user_timeout": _LEASE_SECONDS * 1000}
    name = {"application_name": session_name(identity)}
    return (
        "postgresql+psycopg",
        common | name | {"options": held},
        common | {"options": f"{options} -c default_transaction_read_only=on"},
        common | name | brief | {"options": f"{held} {patience}"},
    )


def _mysql(settings: DatabaseSettings, _identity: str) -> Kind:
    common = {
        "connect_timeout": _CONNECT_SECONDS,
        "read_timeout": _SILENT_SECONDS,
        "write_timeout": _SILENT_SECONDS,
        "charset": "utf8mb4",
        # Lenient modes cut off what is too long.
        "sql_mode": "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION",
        # The driver would take text for Latin-1.
        "password": (settings.password or "").encode(),
    }
    session = (
        f"SET SESSION wait_timeout={_HELD_SECONDS}, net_read_timeout={_HELD_SECONDS}, "
        "default_storage_engine=InnoDB"
    )
    timeouts = dict.fromkeys(("connect_timeout", "read_timeout", "write_timeout"), _LEASE_SECONDS)
    return (
        "mysql+pymysql",
        common | {"init_command": session},
        common | {"init_command": "SET SESSION TRANSACTION READ ONLY"},
        common | timeouts
        | {"init_command": f"{session}, innodb_lock_wait_timeout={_LEASE_SECONDS - 1}"},
    )  # fmt: skip


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
    return Engines(writing, reading, writing, str(path))


def _on_connect(engine: Engine, *pragmas: str) -> None:
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
