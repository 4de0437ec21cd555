"""Deletes what has been kept long enough, a little at a time."""

import logging
import threading
from datetime import datetime, timedelta

from botsched.domain.clock import Clock
from botsched.errors import StoreError
from botsched.settings.model import RetentionSettings
from botsched.store.session import Session
from botsched.store.store import Store

log = logging.getLogger(__name__)

BATCH = 500
"""Rows deleted in one transaction, so that runs do not wait long for theirs."""

_LOOK = timedelta(minutes=10)
_PAUSE = timedelta(seconds=0.5)


class Retention:
    """Looks every ten minutes, in a thread of its own; without limits it does nothing."""

    def __init__(self, settings: RetentionSettings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="retention", daemon=True)

    def start(self) -> None:
        """Begin, when there is a limit."""
        if self._settings.executions is not None or self._settings.audit is not None:
            self._thread.start()

    def close(self) -> None:
        """End after the transaction under way."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def apply_once(self) -> bool:
        """Delete one batch of each; whether there may be more."""
        executions = self._store.write(self._delete_executions)
        events = self._store.write(self._delete_events)
        return max(executions, events) == BATCH

    def _work(self) -> None:
        wait = _PAUSE
        while not self._closing.wait(wait.total_seconds()):
            try:
                wait = _PAUSE if self.apply_once() else _LOOK
            except StoreError as error:
                log.warning("Nothing is deleted for now. %s", error)
                wait = _LOOK

    def _delete_executions(self, session: Session) -> int:
        if self._settings.executions is None:
            return 0
        before = self._clock() - self._settings.executions
        ids = session.executions.delete_ended(before, BATCH, session.outbox.owing())
        if ids:
            session.output.delete(ids)
            session.outbox.delete(ids)
        else:
            _forget_deleted_jobs(session, before)
        return len(ids)

    def _delete_events(self, session: Session) -> int:
        if self._settings.audit is None:
            return 0
        return session.audit.delete_before(self._clock() - self._settings.audit, BATCH)


def _forget_deleted_jobs(session: Session, before: datetime) -> None:
    """Forget the versions of jobs that were deleted by then, and have no execution any more."""
    gone = session.job_history.deleted(before)
    gone -= session.executions.jobs_recorded(gone)
    if gone:
        session.job_history.forget(sorted(gone)[:BATCH])
