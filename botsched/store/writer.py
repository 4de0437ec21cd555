"""One thread that writes, grouping what comes together into one transaction."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from botsched.domain.news import Notes
from botsched.errors import StoreError, StoreUnavailableError
from botsched.store.deadlocks import despite_deadlocks
from botsched.store.engine import Engines
from botsched.store.errors import mapped_errors
from botsched.store.fence import Fence
from botsched.store.health import Health
from botsched.store.schema import Schema
from botsched.store.session import Session

T = TypeVar("T")
Operation = Callable[[Session], T]

_BATCH = 500
_RETRY_SECONDS = 1.0
_LOOK_SECONDS = 5.0
_KEPT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _Task:
    operation: Operation[Any]
    future: Future[Any]
    durable: bool
    fenced: bool
    token: int | None


class Watcher(Protocol):
    """Is told what is committed. Called in the writer's thread, it must neither wait nor raise."""

    def committed(self, notes: Notes) -> None:
        """These things changed."""

    def in_doubt(self) -> None:
        """Whether something changed is not known: the database went away."""


class Writer:
    """Runs operations in order; one is done when the transaction that held it is committed.

    An operation may be run again, when another one of its batch failed or after a deadlock, so it
    must have no other effect than on the session it is given. ``check`` raises when a commit would
    be lost; what is ``fenced`` is committed only while the lease is held under which it was
    submitted.
    """

    def __init__(
        self,
        engines: Engines,
        schema: Schema,
        health: Health,
        fence: Fence,
        check: Callable[[], None],
    ) -> None:
        self._engines = engines
        self._schema = schema
        self._health = health
        self._fence = fence
        self._check = check
        self.watcher: Watcher | None = None
        self._connection: Connection | None = None
        self._used = 0.0
        self._idle_seconds = None if engines.is_file else _LOOK_SECONDS
        self._tasks: queue.SimpleQueue[list[_Task] | None] = queue.SimpleQueue()
        self._local = threading.local()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(
        self, operation: Operation[T], *, durable: bool = False, fenced: bool = False
    ) -> Future[T]:
        """Queue an operation; a ``durable`` one is tried until the database is back.

        A ``fenced`` one fails with FencedError when this server does not hold the lease any more.
        """
        future: Future[T] = Future()
        if not self._thread.is_alive():
            future.set_exception(_ended())
            return future
        task = _Task(operation, future, durable, fenced, self._fence.token if fenced else None)
        held: list[_Task] | None = getattr(self._local, "held", None)
        if held is None:
            self._tasks.put([task])
        else:
            held.append(task)
        return future

    @contextmanager
    def together(self) -> Iterator[None]:
        """What this thread submits inside is queued at the end, to share one transaction."""
        held: list[_Task] = []
        self._local.held = held
        try:
            yield
        finally:
            self._local.held = None
            if held:
                self._tasks.put(held)

    def close(self) -> None:
        """Write what is queued, then end; what the database does not take now fails."""
        self._tasks.put(None)
        self._thread.join()

    def _run(self) -> None:
        ended = False
        deferred: list[_Task] = []
        while not ended:
            batch, ended = self._take(_RETRY_SECONDS if deferred else self._idle_seconds)
            if batch or deferred:
                deferred = self._write(deferred + batch)
            elif not ended:
                self._look()
        self._disconnect()
        for task in deferred:
            task.future.set_exception(_ended())

    def _take(self, wait: float | None) -> tuple[list[_Task], bool]:
        """What is queued, waiting for a first task at most so long; and whether it is the end."""
        batch: list[_Task] = []
        while len(batch) < _BATCH:
            try:
                tasks = self._tasks.get(block=not batch, timeout=wait)
            except queue.Empty:
                return batch, False
            if tasks is None:
                return batch, True
            batch.extend(task for task in tasks if task.future.set_running_or_notify_cancel())
        return batch, False

    def _write(self, batch: list[_Task]) -> list[_Task]:
        """Commit a batch and return what is to be tried again.

        All goes in one transaction; when that fails, each in its own, so that none costs another.
        """
        batch, again = self._admit(batch)
        if not batch:
            return again
        try:
            results = self._commit(batch)
        except Exception as error:  # noqa: BLE001  (whoever waits for a task is told its error)
            away = isinstance(error, StoreUnavailableError)
            if away and self.watcher is not None:
                self.watcher.in_doubt()
            if len(batch) == 1 or away:
                return again + [task for task in batch if not self._fail(task, error)]
            return again + [later for task in batch for later in self._write([task])]
        for task, result in zip(batch, results, strict=True):
            task.future.set_result(result)
        return again

    def _admit(self, batch: list[_Task]) -> tuple[list[_Task], list[_Task]]:
        """What may be written now, by what is known here of the lease, and what is to wait."""
        admitted, waiting = [], []
        for task in batch:
            refusal = self._fence.refusal(task.token) if task.fenced else None
            if refusal is None:
                admitted.append(task)
            elif not self._fail(task, refusal):
                waiting.append(task)
        return admitted, waiting

    def _commit(self, batch: list[_Task]) -> list[Any]:
        try:
            with self._health.of("writing"):
                sessions, results = despite_deadlocks(lambda: self._transact(batch))
                self._used = time.monotonic()
        except BaseException:
            self._disconnect()
            raise
        self._tell(sessions)
        return results

    def _transact(self, batch: list[_Task]) -> tuple[list[Session], list[Any]]:
        with mapped_errors(self._engines.name):
            self._check()
            connection = self._connected()
            with connection.begin():
                for token in {task.token for task in batch if task.token is not None}:
                    self._fence.confirm(connection, token)
                sessions = [self._session(task) for task in batch]
                pairs = zip(batch, sessions, strict=True)
                results = [task.operation(session) for task, session in pairs]
                self._check()
        return sessions, results

    def _tell(self, sessions: list[Session]) -> None:
        watcher = self.watcher
        if watcher is not None:
            notes: Notes = {}
            for session in sessions:
                notes |= session.notes
            if notes:
                watcher.committed(notes)

    def _connected(self) -> Connection:
        """A connection, kept open: taking it from the pool each time would double a commit's cost.

        After a rest it is taken anew: the pool sees whether the server has ended it meanwhile.
        """
        if time.monotonic() - self._used > _KEPT_SECONDS:
            self._disconnect()
        if self._connection is None:
            self._connection = self._engines.writing.connect()
        return self._connection

    def _session(self, task: _Task) -> Session:
        assert self._connection is not None
        return Session(self._connection, self._schema, token=task.token or None)

    def _look(self) -> None:
        """Have the pool see whether its connection to a server still is, or make another.

        So an outage in which nobody writes is noticed, and the next write does not meet it.
        """
        self._disconnect()
        with suppress(StoreError):  # logged, and tried again
            self._commit([])
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _fail(self, task: _Task, error: Exception) -> bool:
        """Tell whoever waits, unless the task is to be tried until the database is back."""
        if task.durable and isinstance(error, StoreUnavailableError):
            return False
        task.future.set_exception(error)
        return True


def _ended() -> StoreUnavailableError:
    return StoreUnavailableError("The program ended before this could be written.")
