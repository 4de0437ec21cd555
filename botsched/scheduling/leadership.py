"""Keeps the lease that lets one of several servers schedule, or waits for it."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from botsched.domain.instance import Instance, Lease
from botsched.errors import StoreError
from botsched.execution.processes import has_ended
from botsched.store.fence import elapsed
from botsched.store.leases import LEASE_SECONDS, Leases
from botsched.store.store import Store

log = logging.getLogger(__name__)

_RENEW_SECONDS: Final = 2.0
_LOOK_SECONDS: Final = 1.0
_MARGIN_SECONDS: Final = 1.0
"""So long before others may take over, the holder relies on its lease no more."""
_PATIENCE_SECONDS: Final = 5.0
"""After an outage of the database its holder may come first, with its running jobs."""


class Leadership:
    """A thread that renews the lease, or looks whether it is free.

    It does nothing else, so that nothing holds up a renewal. A holder that is cut off from the
    database stays one until it hears that another took over: its running jobs go on, and are
    recorded if nobody did. Whatever it believes, the fence decides what it can record. On a
    database that no other server can share, there is nothing to do.
    """

    def __init__(self, store: Store, instance: Instance) -> None:
        self._store = store
        self._fence = store.fence
        self.instance = instance
        self._changed: Callable[[], None] = lambda: None
        self._seen: Lease | None = None
        self._patient_until = 0.0
        self._told_of_cut = False
        self._retiring = False
        self._reached = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="lease", daemon=True)

    @property
    def fault(self) -> str | None:
        """Why nobody may be scheduling, as far as this server can see."""
        if self._fence.open or (self._seen is not None and not self._seen.expired):
            return None
        return (
            "No server holds the lease on the schedule; one will as soon as the database lets it."
        )

    @property
    def former(self) -> Instance | None:
        """From whom this server took over, if it did."""
        seen = self._seen.holder if self._seen is not None else None
        return None if seen == self.instance else seen

    @property
    def holder(self) -> Instance | None:
        """Who schedules, as last seen; None when nobody does."""
        if self._fence.token is not None:
            return self.instance
        return None if self._seen is None or self._seen.expired else self._seen.holder

    def start(self, changed: Callable[[], None]) -> None:
        """Take the lease if it is free, and go on looking after it, telling ``changed``."""
        self._changed = changed
        if not self._store.shared:
            return
        self._turn()
        if self._fence.token is None:
            log.info("Standing by: %s schedules.", self.holder or "another server")
        self._thread.start()

    def retire(self) -> None:
        """Take the lease no more, while this server is being stopped."""
        self._retiring = True

    def close(self) -> None:
        """Give the lease back. To be called when nothing runs any more."""
        self._closing.set()
        if not self._thread.is_alive():
            return
        self._thread.join()
        token = self._fence.token
        self._fence.withdraw()

        def leave(leases: Leases) -> None:
            leases.disappear(self.instance)
            if token is not None:
                leases.release(token)

        try:
            self._store.lease(leave)
        except StoreError as error:
            log.warning("The lease could not be given back; it expires by itself. %s", error)

    def _work(self) -> None:
        while not self._closing.wait(_RENEW_SECONDS if self._fence.open else _LOOK_SECONDS):
            self._turn()

    def _turn(self) -> None:
        token, asked_at = self._fence.token, elapsed()
        self._reached = False
        try:
            held = self._store.lease(self._look if token is None else self._renew)
        except StoreError as error:
            self._failed(error)
        except Exception:
            log.exception("Looking after the lease failed; it is tried again.")
        else:
            self._settle(token, held, asked_at + LEASE_SECONDS - _MARGIN_SECONDS)

    def _renew(self, leases: Leases) -> int | None:
        leases.appear(self.instance)
        token = self._fence.token
        if token is not None and leases.renew(token):
            return token
        self._seen = leases.look()
        return None

    def _look(self, leases: Leases) -> int | None:
        """The token of the lease, when it could be taken or was ours without our knowing."""
        leases.appear(self.instance)
        self._seen = seen = leases.look()
        self._reached = True
        if seen.holder == self.instance:
            return seen.token if leases.renew(seen.token) else None
        dead = seen.token if seen.holder is not None and has_ended(seen.holder) else None
        free = dead is not None or (seen.expired and elapsed() >= self._patient_until)
        if not free or self._retiring:
            return None
        token = leases.take(self.instance, dead=dead)
        if token is None:  # another one was faster
            self._seen = leases.look()
        return token

    def _settle(self, before: int | None, now: int | None, until: float) -> None:
        if now is not None:
            self._fence.grant(now, until)
        else:
            self._fence.withdraw()
        if now != before:
            self._tell(now)
            self._changed()
        elif self._told_of_cut:
            log.warning("The lease on the schedule is renewed; nobody has taken over meanwhile.")
        self._told_of_cut = False

    def _tell(self, token: int | None) -> None:
        former = self.former
        if token is None:
            log.error("%s has taken over the schedule while this server could not renew its "
                      "lease. What still runs here is ended; this server stands by.",
                      former or "Another server")  # fmt: skip
        elif former is None:
            log.info("This server schedules (token %d).", token)
        else:
            log.warning("This server has taken over the schedule from %s, last heard of at "
                        "%s UTC (token %d).", former, _moment(self._seen), token)  # fmt: skip

    def _failed(self, error: StoreError) -> None:
        if not self._reached:
            self._patient_until = elapsed() + _PATIENCE_SECONDS
        log.debug("The lease could not be looked after: %s", error)
        if self._fence.token is not None and not self._fence.open and not self._told_of_cut:
            self._told_of_cut = True
            log.error("The lease on the schedule could not be renewed in time, so nothing more is "
                      "started or recorded; what runs goes on. %s", error)  # fmt: skip


def _moment(lease: Lease | None) -> str:
    return f"{lease.renewed_at:%Y-%m-%d %H:%M:%S}" if lease is not None else "an unknown moment"
