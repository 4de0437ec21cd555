"""Keeps a fork server at hand: a new one when job modules change, and when the present one dies."""

import logging
import selectors
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from botsched.catalog import CatalogueDescription, fingerprint
from botsched.errors import ExecutionError
from botsched.execution.forkserver_link import ForkServerLink
from botsched.settings.model import ExecutionSettings

log = logging.getLogger(__name__)

Message = dict[str, Any]

_LOOK_SECONDS = 2.0
_FRESH_SECONDS = 0.25
"""How old a look at the job modules may be for a run to be started."""
_LOAD_SECONDS = 5.0
"""How long runs wait for changed modules; then they are started with the former ones."""
_FIRST_RESTART_SECONDS = 0.5
_LONGEST_RESTART_SECONDS = 30.0


class Starter:
    """Belongs to the runner's thread, but for ``catalogue``, which any thread may ask for."""

    def __init__(
        self,
        settings: ExecutionSettings,
        selector: selectors.BaseSelector,
        heard: Callable[[Message], None],
        gone: Callable[[ForkServerLink], None],
    ) -> None:
        self._settings = settings
        self._folders = settings.job_folders
        self._selector = selector
        self._heard = heard
        self._gone = gone
        self._current: ForkServerLink | None = None
        self._coming: ForkServerLink | None = None
        self._retired: list[ForkServerLink] = []
        self._loaded = threading.Event()
        self._catalogue: CatalogueDescription | None = None
        self._fingerprint = fingerprint(self._folders)
        self._looked_at = 0.0
        self._wait_until = 0.0
        self._when_fresh: list[Callable[[], None]] = []
        self._restart_at: float | None = None
        self._restart_seconds = _FIRST_RESTART_SECONDS

    def ready(self, now: float) -> bool:
        """Whether a run can be started now, with the job modules as they are by now."""
        if now >= self._looked_at + _FRESH_SECONDS:
            self._look_for_changes(now)
        loading = self._coming is not None and now < self._wait_until
        return self._current is not None and not loading

    @property
    def outdated(self) -> bool:
        """Whether job modules changed since those that the catalogue tells of; for any thread."""
        return self._coming is not None or fingerprint(self._folders) != self._fingerprint

    def when_fresh(self, call: Callable[[], None]) -> None:
        """Call this once modules that changed were loaded, or could not be."""
        self._look_for_changes(time.monotonic())
        if self._coming is None:
            call()
        else:
            self._when_fresh.append(call)

    def reload(self, call: Callable[[], None]) -> None:
        """Load the job modules anew, changed or not; call this when that is done, or failed."""
        if self._current is None:  # it is being done
            call()
            return
        self._when_fresh.append(call)
        self._load_anew(fingerprint(self._folders), time.monotonic())

    @property
    def state(self) -> str:
        """``ready``, ``loading`` while changed modules are loaded, or ``restarting``."""
        if self._current is None:
            return "restarting"
        return "ready" if self._coming is None else "loading"

    @property
    def pid(self) -> int | None:
        """The process of the present fork server."""
        return self._current.pid if self._current else None

    def catalogue(self, timeout: float | None) -> CatalogueDescription:
        """What was loaded last; waits for the first time. Raises ExecutionError."""
        if not self._loaded.wait(timeout) or self._catalogue is None:
            folders = ", ".join(str(folder) for folder in self._folders)
            raise ExecutionError(
                f"The job folders {folders} could not be loaded: the process that loads them "
                "ended, or takes too long. See the lines above; a module there may leave or hang "
                "when it is imported."
            )
        return self._catalogue

    def open(self) -> None:
        """Start a fork server that takes over once it has loaded the job folders."""
        settings = self._settings
        self._coming = ForkServerLink(
            self._folders, settings.modules, settings.environment, settings.hooks
        )
        action = partial(self._receive, self._coming)
        self._selector.register(self._coming.channel, selectors.EVENT_READ, action)

    def run(self, call: dict[str, Any], descriptors: tuple[int, int, int, int]) -> ForkServerLink:
        """Have a process started, and tell by which fork server. Raises ExecutionError."""
        if self._current is None:
            raise ExecutionError("There is no process that starts jobs; it is being restarted.")
        self._current.run(call, descriptors)
        return self._current

    def attend(self, now: float, in_use: set[int]) -> None:
        """Replace a fork server that died or is out of date; end those that nothing needs.

        ``in_use`` holds the processes of the fork servers that still have runs.
        """
        for link in [link for link in self._retired if link.pid not in in_use]:
            self._retired.remove(link)
            self._close(link)
        if self._restart_at is not None and now >= self._restart_at:
            self._restart_at = None
            self.open()
        if now >= self._looked_at + _LOOK_SECONDS:
            self._look_for_changes(now)

    def close(self) -> None:
        """End all fork servers; what they still run is killed, and nobody waits for them longer."""
        self._loaded.set()
        for link in (self._current, self._coming, *self._retired):
            if link is not None:
                self._close(link)

    def _look_for_changes(self, now: float) -> None:
        self._looked_at = now
        found = fingerprint(self._folders)
        if found != self._fingerprint and self._current is not None:
            log.info("Job modules changed; loading them anew.")
            self._load_anew(found, now)

    def _load_anew(self, found: str, now: float) -> None:
        self._fingerprint = found
        if self._coming is None:
            self._wait_until = now + _LOAD_SECONDS
        else:
            # A module that hangs may just have been mended.
            self._close(self._coming)
        self.open()

    def _receive(self, link: ForkServerLink) -> None:
        message = link.receive()
        if message is None:
            self._lose(link)
        elif message["what"] == "ready":
            self._take_over(link)
        else:
            self._heard(message)

    def _take_over(self, link: ForkServerLink) -> None:
        if self._current is not None:
            self._retired.append(self._current)
        self._current, self._coming = link, None
        self._restart_seconds = _FIRST_RESTART_SECONDS
        self._catalogue = link.catalogue()
        self._loaded.set()
        self._tell_fresh()

    def _lose(self, link: ForkServerLink) -> None:
        was_current, was_coming = link is self._current, link is self._coming
        if was_current:
            self._current = None
        elif was_coming:
            self._coming = None
            self._tell_fresh()
        else:
            self._retired.remove(link)
        self._close(link)
        self._gone(link)
        if was_coming and self._current is not None:
            log.error("The changed job modules could not be loaded; the former ones stay in use.")
        elif was_current or was_coming:
            log.error("The process that starts jobs ended; restarting it.")
            self._loaded.set()
            self._restart_later()

    def _tell_fresh(self) -> None:
        waiting, self._when_fresh = self._when_fresh, []
        for call in waiting:
            call()

    def _restart_later(self) -> None:
        self._restart_at = time.monotonic() + self._restart_seconds
        self._restart_seconds = min(self._restart_seconds * 2, _LONGEST_RESTART_SECONDS)

    def _close(self, link: ForkServerLink) -> None:
        if link is self._coming:
            link.kill()  # it has no runs yet, and a module may hang
        self._selector.unregister(link.channel)
        link.close()
