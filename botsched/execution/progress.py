"""How far a run is: a file in memory in which only the job's last word stands.

A job may tell its progress a million times a second; nothing queues up, and nobody waits.
"""

import json
import math
import os
from typing import Any

from botsched.execution.forkserver.protocol import PROGRESS_RECORD
from botsched.job.masking import Mask
from botsched.job.progress import MAX_TEXT, checked

LOOK_SECONDS = 1.0
"""How often it is looked at while the run goes on."""


class Progress:
    """The progress of one run, and what of it is not stored yet."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self.file = os.memfd_create("progress")
        self._record = b""
        self._next_look = -math.inf
        self._news: dict[str, Any] = {}

    @property
    def has_news(self) -> bool:
        """Whether there is something to be taken."""
        return bool(self._news)

    def look(self, now: float) -> None:
        """See what was told, if it is time for that on the monotonic clock."""
        if now < self._next_look:
            return
        self._next_look = now + LOOK_SECONDS
        record = os.pread(self.file, PROGRESS_RECORD, 0)
        if record != self._record:
            self._record = record
            self._news = _read(record, self._mask) or self._news

    def take(self) -> dict[str, Any]:
        """Values for the execution's row, those that came since the last call."""
        news, self._news = self._news, {}
        return news

    def close(self) -> None:
        """Let go of the file."""
        os.close(self.file)


def _read(record: bytes, mask: Mask) -> dict[str, Any]:
    """Nothing, when it cannot be read: the file lies open to the job's own code."""
    try:
        fraction, text = checked(*json.loads(record))
    except (ValueError, TypeError):
        return {}
    return {"progress": fraction, "progress_text": mask.cut_off(text, MAX_TEXT) or None}
