"""The databases for benchmarks: a file, and private servers that flush what they commit."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from botsched.settings.model import DatabaseSettings, Dbms
from tests.support.databases import PASSWORD, DatabaseServer, MariaDB, PostgreSQL

NAMES = {Dbms.SQLITE: "SQLite", Dbms.POSTGRESQL: "PostgreSQL", Dbms.MYSQL: "MariaDB"}


class DurablePostgreSQL(PostgreSQL):
    """As it is installed, but for a little more memory."""

    def _command(self) -> list[str]:
        durable = {"fsync": "on", "shared_buffers": "256MB", "max_wal_size": "2GB"}
        return [*super()._command(), *(f"--{name}={value}" for name, value in durable.items())]


class DurableMariaDB(MariaDB):
    """As it is installed, but for a little more memory."""

    def _command(self) -> list[str]:
        durable = {
            "innodb-flush-log-at-trx-commit": "1",
            "innodb-flush-method": "O_DIRECT",
            "innodb-buffer-pool-size": "256M",
            "innodb-log-file-size": "512M",
            "local-infile": "1",
        }
        return [*super()._command(), *(f"--{name}={value}" for name, value in durable.items())]


SERVERS: dict[Dbms, type[DatabaseServer]] = {
    Dbms.POSTGRESQL: DurablePostgreSQL,
    Dbms.MYSQL: DurableMariaDB,
}


@dataclass(frozen=True)
class Database:
    """An empty database, and the flags with which the program finds it."""

    settings: DatabaseSettings
    flags: tuple[str, ...]

    @property
    def name(self) -> str:
        """As it is called in the tables."""
        return NAMES[self.settings.dbms]


@contextlib.contextmanager
def opened(dbms: Dbms) -> Iterator[Database]:
    """An empty database of this kind, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="bots-benchmark-") as name, contextlib.ExitStack() as s:
        config = Path(name) / "db.ini"
        if dbms is Dbms.SQLITE:
            settings = DatabaseSettings(dbms, path=Path(name) / "bench.db")
            fields = {"file_path": settings.path}
        else:
            server = SERVERS[dbms]()
            s.callback(server.remove)
            server.start()
            settings = s.enter_context(server.empty_database())
            fields = {
                "hostname": settings.hostname, "port": settings.port, "user": settings.user,
                "password": PASSWORD, "database": settings.database,
            }  # fmt: skip
        lines = [f"[{dbms}]", *(f"{field} = {value}" for field, value in fields.items())]
        config.write_text("\n".join(lines), encoding="utf-8")
        yield Database(settings, ("--dbms", dbms, "--db-config", str(config)))
