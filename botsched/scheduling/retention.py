"""Deletes what has been kept long enough, a little at a time."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from botsched.domain.clock import Clock
from botsched.domain.keeping import Expired, JobRecord, Keep
from botsched.errors import StoreError
from botsched.settings.model import RetentionSettings
from botsched.store.session import Session
from botsched.store.store import Store

log = logging.getLogger(__name__)

BATCH = 200
"""Rows deleted in one transaction, so that runs do not wait long for theirs."""

_LOOK_SECONDS = 600.0
_FIRST_SECONDS = 1.0
_REST = 2.0
"""After each transaction, so many times as long as it took is left to others."""


class Retention:
    """Looks every ten minutes, in a thread of its own."""

    def __init__(self, settings: RetentionSettings, store: Store, clock: Clock) -> None:
        self._keep = Keep(settings.executions, settings.count)
        self._audit = settings.audit
        self._store = store
        self._clock = clock
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="retention", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End after the transaction under way."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def apply(self) -> None:
        """Delete all that is beyond the limits now, unless closed meanwhile."""
        for deletion in self._deletions():
            began = time.monotonic()
            self._store.write(deletion, fenced=True)
            if self._closing.wait(_REST * (time.monotonic() - began)):
                return

    def _work(self) -> None:
        wait = _FIRST_SECONDS
        while not self._closing.wait(wait):
            if not self._store.fence.open:  # it is for the server that schedules
                continue
            wait = _LOOK_SECONDS
            try:
                self.apply()
            except StoreError as error:
                log.warning("Nothing is deleted for now. %s", error)
            except Exception:
                log.exception("Retention stumbled, and goes on later.")

    def _deletions(self) -> Iterator[Callable[[Session], None]]:
        """Small transactions; each is to be done before the next one is asked for."""
        now = self._clock()
        if self._keep or self._store.read(lambda s: s.expiry.is_limited_by_jobs()):
            for batch in self._batches(now):
                yield partial(_delete, expired=batch)
        if self._keep.age is not None:
            deleted = now - self._keep.age
            while jobs := self._store.read(lambda s: s.expiry.forgotten_jobs(deleted, BATCH)):
                yield partial(_forget, jobs=jobs)
        if self._audit is not None:
            before = now - self._audit
            while ids := self._store.read(lambda s: s.audit.before(before, BATCH)):
                yield partial(_delete_events, ids=ids)

    def _batches(self, now: datetime) -> Iterator[list[Expired]]:
        batch: list[Expired] = []
        for job in self._jobs():
            keep = job.limits(self._keep)
            while job.may_exceed(keep, now):
                room = BATCH - len(batch)
                look = partial(_expired, job=job, keep=keep, now=now, limit=room)
                found = self._store.read(look)
                batch += found
                if len(found) < room:
                    break
                yield batch
                batch = []
        if batch:
            yield batch

    def _jobs(self) -> Iterator[JobRecord]:
        """All jobs that have executions, also those that were deleted."""
        look = partial(_portion, count=self._keep.count, after="")
        while jobs := self._store.read(look):
            yield from jobs
            look = partial(look, after=jobs[-1].job_id)


def _portion(session: Session, after: str, count: int | None) -> list[JobRecord]:
    return session.expiry.portion(after, count)


def _expired(
    session: Session, job: JobRecord, keep: Keep, now: datetime, limit: int
) -> list[Expired]:
    return session.expiry.expired(job, keep, now, limit)


def _delete(session: Session, expired: list[Expired]) -> None:
    session.expiry.delete(expired)


def _forget(session: Session, jobs: list[str]) -> None:
    session.job_history.forget(jobs)


def _delete_events(session: Session, ids: list[str]) -> None:
    session.audit.delete(ids)
