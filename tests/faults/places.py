"""Where a trial keeps its record: each of the three databases, empty."""

import contextlib
import random
from collections.abc import Iterator
from pathlib import Path

from botsched.settings.model import Dbms
from tests.faults.trial import Trial
from tests.support.databases import PASSWORD, DatabaseServer, MariaDB, PostgreSQL

SERVERS = {Dbms.POSTGRESQL: PostgreSQL, Dbms.MYSQL: MariaDB}


@contextlib.contextmanager
def database_server(dbms: Dbms) -> Iterator[DatabaseServer | None]:
    """A server of our own; None for SQLite, which needs none."""
    if dbms is Dbms.SQLITE:
        yield None
        return
    server = SERVERS[dbms]()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@contextlib.contextmanager
def trial_on(
    server: DatabaseServer | None,
    folder: Path,
    chance: random.Random,
    *,
    proxy: bool = False,
    port: int | None = None,
) -> Iterator[Trial]:
    """A trial on an empty database; ``port`` stands in for the server's own."""
    flags = [] if proxy else ["--no-proxy"]
    with contextlib.ExitStack() as stack:
        if server is not None:
            database = stack.enter_context(server.empty_database())
            flags += ["--dbms", server.dbms]
            (folder / "conf").mkdir()
            (folder / "conf" / "db.ini").write_text(
                f"[{server.dbms}]\nuser = {database.user}\npassword = {PASSWORD}\n"
                f"hostname = {database.hostname}\nport = {port or database.port}\n"
                f"database = {database.database}\n",
                encoding="utf-8",
            )
        trial = Trial(folder, chance, *flags, direct=not proxy)
        stack.callback(trial.end)
        yield trial
