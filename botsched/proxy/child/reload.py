"""Applies changes of the htpasswd file and of the certificate while the proxy runs."""

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from botsched.errors import SettingsError

_log = logging.getLogger(__name__)

_LOOK_EVERY: Final = 0.3

Signature = tuple[int, ...] | None


class WatchedFile:
    """Calls ``apply`` when the file has changed and then stayed the same for one look.

    Files may be written in place, so a first look can meet half of one. SettingsError raised by
    ``apply`` is one line in the log: what was read before stays in force.
    """

    def __init__(self, path: Path, apply: Callable[[], None]) -> None:
        self._path = path
        self._apply = apply
        self._applied = self._seen = _signature(path)

    def look(self) -> None:
        """See whether there is a change to apply."""
        before, self._seen = self._seen, _signature(self._path)
        if self._seen == before and self._seen != self._applied:
            self.reload()

    def reload(self) -> None:
        """Apply the file as it is now."""
        self._applied = self._seen = _signature(self._path)
        try:
            self._apply()
        except SettingsError as error:
            _log.error(
                "A change is not applied, what was read before stays in force: %s",
                " ".join(error.faults),
            )
        else:
            _log.info("%s has changed and was read again.", self._path)


class Reload:
    """Looks at the files three times a second, and at once on ``now`` (SIGHUP)."""

    def __init__(self, files: list[WatchedFile]) -> None:
        self._files = files
        self._task: asyncio.Task[None] | None = None

    def running(self) -> None:
        self._task = asyncio.create_task(self._watch())

    def done(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def now(self) -> None:
        """Read everything again."""
        for file in self._files:
            file.reload()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            for file in self._files:
                file.look()


def _signature(path: Path) -> Signature:
    try:
        status = os.stat(path)  # noqa: PTH116  # half the cost of Path.stat
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
