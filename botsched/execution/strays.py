"""Processes of a run that left its process group: found by the marker in their environment."""

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from botsched.execution.forkserver.protocol import MARKER


def kill_strays(execution_ids: Iterable[str]) -> int:
    """Kill all processes that these executions left behind; gives how many there were.

    Processes of other users cannot be looked at, and are left alone.
    """
    marks = {f"{MARKER}={execution_id}".encode() for execution_id in execution_ids}
    killed = 0
    for pid, environment in _environments() if marks else ():
        if not marks.isdisjoint(environment) and pid != os.getpid():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
    return killed


def _environments() -> Iterator[tuple[int, list[bytes]]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                yield int(entry.name), (entry / "environ").read_bytes().split(b"\0")
