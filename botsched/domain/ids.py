"""Identifiers of jobs, executions and mails."""

import re
import secrets
import threading
import time
import uuid
from typing import Final

LONGEST_JOB_ID: Final = 128
JOB_ID_PATTERN: Final = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}"
_TAKEN: Final = frozenset({"bulk", "new"})  # words that stand in the place of an id in addresses

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


def job_id_fault(job_id: str) -> str | None:
    """Why a job cannot have this id; None when it can."""
    if re.fullmatch(JOB_ID_PATTERN, job_id) is None:
        return (
            f"{job_id!r:.140} cannot be an id; give 1 to {LONGEST_JOB_ID} of the characters "
            "A-Z a-z 0-9 . _ : - and begin with a letter or a digit"
        )
    if job_id in _TAKEN:
        return f"{job_id!r} has a meaning of its own in addresses; give another id"
    return None
