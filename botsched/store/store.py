"""The database as the rest of the program sees it: reads, and acknowledged writes."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import TypeVar

from botsched.domain.ids import new_id
from botsched.errors import StoreError
from botsched.settings.model import DatabaseSettings
from botsched.store.databasefile import DatabaseFile
from botsched.store.deadlocks import despite_deadlocks
from botsched.store.engine import open_engines
from botsched.store.errors import mapped_errors
from botsched.store.fence import Fence
from botsched.store.filebackup import back_up_before_upgrade
from botsched.store.health import Health
from botsched.store.knownjobs import KnownJobs
from botsched.store.leases import Leases
from botsched.store.preparing import preparing
from botsched.store.revisions import prepare
from botsched.store.schema import Schema
from botsched.store.session import Session
from botsched.store.writer import Watcher, Writer

T = TypeVar("T")

log = logging.getLogger(__name__)


class Store:
    """An open database. Reads run in the caller's thread, writes in the writer's."""

    def __init__(self, settings: DatabaseSettings) -> None:
        """Open the database and make or check its tables.

        A database on a server may be open in several of ours; the ``lease`` says who schedules.

        Raises InUseError when another server holds the file, StartError when the driver is missing
        or the tables were made under other names, StoreUnavailableError, StoreCorruptError or
        RevisionError.
        """
        self._path = settings.path
        self.id = new_id()
        self._schema = Schema(settings.tables)
        self._known_jobs = KnownJobs()
        with ExitStack() as opened:  # a start that fails lets go of what it opened
            self._file = None
            if settings.path is not None:
                self._file = opened.enter_context(DatabaseFile(settings.path))
            self._engines = open_engines(settings, identity=self.id)
            opened.callback(self._engines.dispose)
            self.name = self._engines.name
            self._prepare()
            with mapped_errors(self.name):
                self._engines.use_wal()
            self._health = Health(self.name)
            self.fence = Fence(self._schema.lease if self.shared else None)
            self._writer = Writer(
                self._engines, self._schema, self._health, self.fence, self._check_file
            )
            self._opened = opened.pop_all()

    def read(self, operation: Callable[[Session], T]) -> T:
        """What the operation returns, on a connection that cannot write."""
        with self._health.of("reading"), mapped_errors(self.name):
            self._check_file()
            with self._engines.reading.connect() as connection:
                return operation(Session(connection, self._schema, self._known_jobs))

    def write(self, operation: Callable[[Session], T], *, fenced: bool = False) -> T:
        """What the operation returns, once its transaction is committed.

        ``fenced`` is what only the server that schedules may write: raises FencedError, and
        nothing is written, when it is not this one any more.
        """
        return self._writer.submit(operation, fenced=fenced).result()

    def submit(
        self, operation: Callable[[Session], T], *, durable: bool = False, fenced: bool = False
    ) -> Future[T]:
        """The same without waiting; a ``durable`` write is tried until the database is back."""
        return self._writer.submit(operation, durable=durable, fenced=fenced)

    def watch(self, watcher: Watcher | None) -> None:
        """Tell somebody from now on, or nobody any more, what is committed here."""
        self._writer.watcher = watcher

    @property
    def shared(self) -> bool:
        """Whether other servers may work on this database, too."""
        return not self._engines.is_file

    def lease(self, operation: Callable[[Leases], T]) -> T:
        """What the operation returns, once committed, on a connection that waits for no other."""

        def transact() -> T:
            with mapped_errors(self.name), self._engines.lease.begin() as connection:
                return operation(Leases(connection, self._schema.lease))

        return despite_deadlocks(transact)

    def together(self) -> AbstractContextManager[None]:
        """What this thread submits inside shares one transaction."""
        return self._writer.together()

    def fault(self) -> str | None:
        """What keeps the database from being read or written, as the last attempts went.

        After a write that failed another one is tried, without waiting for it, so that an outage
        in which nobody writes is found to be over by whoever asks again.
        """
        with suppress(StoreError):
            self.read(lambda session: session.jobs.next_due())
        fault = self._health.fault
        if fault is not None:
            self._writer.submit(lambda session: session.touch())
        return fault

    def close(self) -> None:
        """Write what is queued and close the database."""
        self._writer.close()
        self._opened.close()

    def _prepare(self) -> None:
        """Make or check the tables."""
        with mapped_errors(self.name), self._engines.writing.connect() as connection:
            if not self.shared:
                with connection.begin():
                    prepare(connection, self._schema, self.name, self._save)
                return
            with preparing(connection, self._schema.meta, self.name):
                prepare(connection, self._schema, self.name, self._save)
                Leases(connection, self._schema.lease).prepare()

    def _save(self, revision: int) -> None:
        """Copy a database that is a file; servers are backed up by their own tools."""
        if self._path is not None:
            log.warning("It is saved first, as %s.", back_up_before_upgrade(self._path, revision))

    def _check_file(self) -> None:
        if self._file is not None:
            self._file.check()
