"""Identifiers of jobs, executions and mails."""

import secrets
import time
import uuid


def new_id() -> str:
    """A fresh identifier of 32 hexadecimal digits, sorting by time of creation (UUID version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62
    return uuid.UUID(int=value | secrets.randbits(62)).hex
