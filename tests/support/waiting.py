"""Waiting for something to become true, as long as it takes but not for ever."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0
"""How many seconds anything may take that a test waits for: machines under load are slow.

Waiting long costs only where something fails. What a test proves to be ended early, as a job that
sleeps, has to last much longer than this.
"""


def until(condition: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
    """Look until the condition holds, and give what it gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.01)
    return found


def is_alive(pid: int) -> bool:
    """Whether a process exists and has not ended."""
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}
    return False


def open_descriptors(pid: int | str = "self") -> list[int]:
    """The descriptors that a process holds; for ourselves with the one that lists them."""
    return sorted(int(entry.name) for entry in Path(f"/proc/{pid}/fd").iterdir())
