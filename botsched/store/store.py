"""The database as the rest of the program sees it: reads, and acknowledged writes."""

import fcntl
import os
import socket
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import IO, TypeVar

from botsched.errors import StartError, StoreUnavailableError
from botsched.settings.model import DatabaseSettings
from botsched.store.engine import open_engines
from botsched.store.errors import mapped_errors
from botsched.store.knownjobs import KnownJobs
from botsched.store.revisions import prepare
from botsched.store.schema import Schema
from botsched.store.session import Session
from botsched.store.writer import Writer

T = TypeVar("T")


class Store:
    """An open database. Reads run in the caller's thread, writes in the writer's."""

    def __init__(self, settings: DatabaseSettings) -> None:
        """Open the database and make or check its tables.

        Raises StartError when another server holds it, StoreUnavailableError,
        StoreCorruptError or RevisionError.
        """
        with ExitStack() as opened:  # a start that fails lets go of what it opened
            self._lock = _lock(settings.path) if settings.path is not None else None
            if self._lock is not None:
                opened.push(self._lock)
            self._schema = Schema(settings.tables)
            self._known_jobs = KnownJobs()
            self._engines = open_engines(settings)
            opened.callback(self._engines.dispose)
            self.name = self._engines.name
            with mapped_errors(self.name), self._engines.writing.begin() as connection:
                prepare(connection, self._schema, self.name)
            with mapped_errors(self.name):
                self._engines.use_wal()
            self._writer = Writer(self._engines, self._schema)
            opened.pop_all()

    def read(self, operation: Callable[[Session], T]) -> T:
        """What the operation returns, on a connection that cannot write."""
        with mapped_errors(self.name), self._engines.reading.connect() as connection:
            return operation(Session(connection, self._schema, self._known_jobs))

    def write(self, operation: Callable[[Session], T]) -> T:
        """What the operation returns, once its transaction is committed."""
        return self._writer.submit(operation).result()

    def submit(self, operation: Callable[[Session], T], *, durable: bool = False) -> Future[T]:
        """The same without waiting; a ``durable`` write is tried until the database is back."""
        return self._writer.submit(operation, durable=durable)

    def together(self) -> AbstractContextManager[None]:
        """What this thread submits inside shares one transaction."""
        return self._writer.together()

    def close(self) -> None:
        """Write what is queued and close the database."""
        self._writer.close()
        self._engines.dispose()
        if self._lock is not None:
            self._lock.close()


def _lock(path: Path) -> IO[str]:
    """Hold the database file for this process alone, until it ends in whatever way."""
    lock_path = Path(f"{path.resolve()}.lock")
    try:
        file = open(os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")  # noqa: PTH123, SIM115
    except OSError as error:
        raise StoreUnavailableError(
            f"The database {path} cannot be opened: its lock file {lock_path.name} cannot be "
            f"made: {error.strerror}. See that the folder exists and may be written."
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = file.read() or "unknown"
        file.close()
        raise StartError(
            f"The database {path} is in use by another server ({holder.strip()}). "
            "Stop that one first, or use another database."
        ) from None
    file.truncate(0)
    file.write(f"process {os.getpid()} on {socket.gethostname()}\n")
    file.flush()
    return file
