"""Identifiers of jobs, executions and mails."""

import secrets
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A fresh identifier of 32 hexadecimal digits (UUID version 7).

    Identifiers sort by time of creation; within this program strictly, while its clock is not set
    back.
    """
    global _last  # noqa: PLW0603  (one order for all threads)
    milliseconds = time.time_ns() // 1_000_000
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62
    value |= secrets.randbits(62)
    with _lock:
        if value >> 80 == _last >> 80:
            value = max(value, _last + 1)
        _last = value
    return uuid.UUID(int=value).hex
