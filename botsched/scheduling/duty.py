"""What only the one server does that schedules: begun with the lease, and ended when it is lost."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from botsched.errors import BotsError, FencedError, StoreUnavailableError
from botsched.execution.runner import Runner
from botsched.execution.waiting import Order
from botsched.scheduling.errands import Errands
from botsched.scheduling.scheduler import Scheduler
from botsched.store.store import Store

log = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 1.0


class Duty:
    """Follows the lease: settles what its former holder left, then lets scheduler and runner work.

    ``recover`` gives what is recorded and still to be run. On a database that no other server can
    share, the duty begins with the start and never ends.
    """

    def __init__(
        self,
        store: Store,
        runner: Runner,
        scheduler: Scheduler,
        errands: Errands,
        recover: Callable[[], list[Order]],
    ) -> None:
        self._store = store
        self._runner = runner
        self._scheduler = scheduler
        self._errands = errands
        self._recover = recover
        self._token: int | None = None
        self._closing = False
        self._changed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="duty", daemon=True)

    def start(self) -> None:
        """Begin, if the lease is held; then follow it. Raises StoreError."""
        self._follow()
        if self._store.shared:
            self._thread.start()

    def changed(self) -> None:
        """The lease was taken or lost."""
        self._changed.set()

    def close(self) -> None:
        """Follow the lease no more."""
        self._closing = True
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        while True:
            self._changed.wait(_LOOK_SECONDS)
            self._changed.clear()
            if self._closing:
                return
            try:
                self._follow()
            except (StoreUnavailableError, FencedError):
                continue  # logged where it is known what it means
            except BotsError as error:
                log.warning("%s", error)
            except Exception:
                log.exception("Following the lease failed; it is tried again.")

    def _follow(self) -> None:
        token = self._store.fence.token
        if token != self._token and self._token is not None:
            self._token = None
            self._scheduler.pause()
            self._runner.abandon()
        if token is not None and self._token is None:
            orders = self._recover()
            self._errands.run()
            self._runner.submit(orders)
            self._runner.resume()
            self._scheduler.resume()
            self._token = token
        elif token is not None and self._store.shared:
            self._errands.run()
