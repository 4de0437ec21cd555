"""Private database servers, each in a folder of its own on a free port of this machine."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, NullPool, create_engine, text

from botsched.settings.model import DatabaseSettings, Dbms
from tests.support import packages
from tests.support.program import free_ports
from tests.support.waiting import PATIENCE

USER, PASSWORD = "bots", "p@ss: w/ör%d#☃'\"\\"
"""A password of the kind that gets lost in addresses, INI files and shells."""


class DatabaseServer:
    """A server for tests; ``admin`` is its first database, where ``bots`` may do everything."""

    dbms: Dbms
    package: str
    admin: DatabaseSettings

    def __init__(self) -> None:
        self.port = free_ports()
        self.folder = Path(tempfile.mkdtemp(prefix="test-database-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._account: dict[str, Any] = {}
        if os.geteuid() == 0:  # which neither server likes to be
            self._account = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            shutil.chown(self.folder, "nobody", "nogroup")
        self.admin = DatabaseSettings(
            self.dbms,
            hostname="127.0.0.1",
            port=self.port,
            user=USER,
            password=PASSWORD,
            database=USER,
        )

    def start(self) -> None:
        """Start it, and return when it answers."""
        log = (self.folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                self._command(), cwd=self.folder, stdout=log, stderr=log, **self._account
            )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def stop(self, number: signal.Signals) -> None:
        """End it."""
        assert self._process is not None
        self._process.send_signal(number)
        self._process.wait(PATIENCE)

    def stop_fast(self) -> None:
        """End it in order, without waiting for clients."""
        raise NotImplementedError

    def crash(self) -> None:
        """End it without any order."""
        raise NotImplementedError

    def pids(self) -> list[int]:
        """Its processes."""
        assert self._process is not None
        first = self._process.pid
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    def remove(self) -> None:
        """End it, and leave nothing."""
        if self._process is not None and self._process.poll() is None:
            self.stop_fast()
        shutil.rmtree(self.folder)

    @contextlib.contextmanager
    def empty_database(self) -> Iterator[DatabaseSettings]:
        """The first database, emptied: sooner done than to make a new one."""
        for statement in self._emptying():
            self.execute(statement)
        yield self.admin

    def execute(self, statement: str) -> list[Any]:
        """The rows that a statement gives."""
        database = None if self._is_mysql else self.admin.database
        url = URL.create(self._driver(), USER, None, "127.0.0.1", self.port, database)
        engine = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"password": PASSWORD.encode() if self._is_mysql else PASSWORD},
        )
        with engine.connect() as connection:
            result = connection.execute(text(statement))
            return list(result) if result.returns_rows else []

    @property
    def log(self) -> str:
        """What it said."""
        return (self.folder / "log").read_text(errors="replace")

    @property
    def _is_mysql(self) -> bool:
        return self.dbms is Dbms.MYSQL

    def _run(self, *command: str, **options: Any) -> None:
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, check=False, **self._account, **options
        )
        assert done.returncode == 0, done.stderr.decode()

    def _answers(self) -> bool:
        with contextlib.suppress(Exception):
            self.execute("SELECT 1")
            return True
        return False

    def _driver(self) -> str:
        return "mysql+pymysql" if self._is_mysql else "postgresql+psycopg"

    def _command(self) -> list[str]:
        raise NotImplementedError

    def _emptying(self) -> tuple[str, ...]:
        raise NotImplementedError


class PostgreSQL(DatabaseServer):
    """Its texts sort as in a dictionary, as they do on most servers."""

    dbms, package = Dbms.POSTGRESQL, "postgresql"

    def __init__(self) -> None:
        super().__init__()
        password = self.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run(
            *(_program("initdb"), "-D", "data", "-U", USER, "--pwfile=password", "--no-sync"),
            *("--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"),
            *("--locale-provider=icu", "--icu-locale=en"),
        )
        self.admin = replace(self.admin, database="postgres")

    def stop_fast(self) -> None:
        self.stop(signal.SIGINT)

    def crash(self) -> None:
        self.stop(signal.SIGQUIT)  # as good as a kill, but for its children

    def _command(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "shared_buffers": "16MB",
            "default_transaction_isolation": "serializable",
        }
        settings = [f"--{name}={value}" for name, value in options.items()]
        return [_program("postgres"), "-D", "data", "-p", str(self.port), *settings]

    def _emptying(self) -> tuple[str, ...]:
        return "DROP SCHEMA public CASCADE", "CREATE SCHEMA public"


class MariaDB(DatabaseServer):
    """Its texts are Latin-1 unless told otherwise, as they long were."""

    dbms, package = Dbms.MYSQL, "mariadb-server"

    def __init__(self) -> None:
        super().__init__()
        self._run(
            *(_program("mariadb-install-db"), "--no-defaults", f"--datadir={self.folder / 'data'}"),
            *("--auth-root-authentication-method=normal", "--skip-test-db"),
        )
        quoted = PASSWORD.replace("\\", "\\\\").replace("'", "\\'")
        (self.folder / "account.sql").write_text(
            f"CREATE DATABASE IF NOT EXISTS {USER};\n"
            f"CREATE USER IF NOT EXISTS {USER}@127.0.0.1 IDENTIFIED BY '{quoted}';\n"
            f"GRANT ALL ON *.* TO {USER}@127.0.0.1;\n"
        )

    def stop_fast(self) -> None:
        self.stop(signal.SIGTERM)

    def crash(self) -> None:
        self.stop(signal.SIGKILL)

    def _command(self) -> list[str]:
        options = {
            "datadir": self.folder / "data",
            "socket": self.folder / "socket",
            "pid-file": self.folder / "pid",
            "port": self.port,
            "bind-address": "127.0.0.1",
            "init-file": self.folder / "account.sql",
            "character-set-server": "latin1",
            "skip-name-resolve": "1",
            "innodb-flush-log-at-trx-commit": "2",
            "innodb-flush-method": "nosync",
            "innodb-buffer-pool-size": "32M",
            "innodb-log-file-size": "32M",
        }
        settings = [f"--{name}={value}" for name, value in options.items()]
        return [_program("mariadbd"), "--no-defaults", *settings]

    def _emptying(self) -> tuple[str, ...]:
        return f"DROP DATABASE {USER}", f"CREATE DATABASE {USER}"


@contextlib.contextmanager
def running(kind: type[DatabaseServer]) -> Iterator[DatabaseServer]:
    """A server of a kind; the test is skipped where that cannot be had."""
    if kind.package in packages.missing():
        pytest.skip(f"needs a database server: apt-get install {kind.package}")
    pytest.importorskip("pymysql" if kind.dbms is Dbms.MYSQL else "psycopg")
    server = kind()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def _program(name: str) -> str:
    found = packages.find(name)
    assert found, name
    return found
