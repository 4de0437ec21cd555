"""Where a trial keeps its record: each of the three databases, empty."""

import contextlib
import random
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from botsched.settings.model import Dbms
from tests.faults.relay import Relay
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
    relay: Relay | None = None,
    disk: Path | None = None,
    flags: Sequence[str] = (),
) -> Iterator[Trial]:
    """A trial on an empty database: of a server, perhaps behind a relay, or in a file."""
    given = [*flags] if proxy else ["--no-proxy", *flags]
    with contextlib.ExitStack() as stack:
        (folder / "conf").mkdir()
        profile = folder / "conf" / "db.ini"
        if server is not None:
            database = stack.enter_context(server.empty_database())
            given += ["--dbms", server.dbms]
            profile.write_text(
                f"[{server.dbms}]\nuser = {database.user}\npassword = {PASSWORD}\n"
                f"hostname = {database.hostname}\nport = {relay.port if relay else database.port}\n"
                f"database = {database.database}\n",
                encoding="utf-8",
            )
        elif disk is not None:
            profile.write_text(f"[sqlite]\nfile_path = {disk / 'record.db'}\n")
        trial = Trial(folder, chance, *given, direct=not proxy)
        stack.callback(trial.end)
        if server is not None:
            trial.server = server
        if relay is not None:
            trial.relay = relay
        if disk is not None:
            trial.disk = disk
        yield trial


@contextlib.contextmanager
def relayed(server: DatabaseServer) -> Iterator[Relay]:
    """A relay to a server."""
    relay = Relay(server.port)
    try:
        yield relay
    finally:
        relay.close()


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of a few MiB in a new folder; only root may make one."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)
