"""Ties the child to its parent, whose end it must not survive: it would keep the public port."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def on_parent_gone(callback: Callable[[], None]) -> None:
    """Call back once standard input closes, which the parent holds open as long as it lives."""
    loop = asyncio.get_running_loop()
    stdin = sys.stdin.fileno()

    def read() -> None:
        if not os.read(stdin, 4096):
            loop.remove_reader(stdin)
            callback()

    loop.add_reader(stdin, read)


def answer(line: str) -> None:
    """Tell the parent READY or FAILED. It reads one line, so later output goes to the log."""
    print(line, flush=True)  # noqa: T201  # this is the protocol
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
