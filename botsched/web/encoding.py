"""JSON as it is sent."""

import json
from typing import Any

_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def to_text(value: Any) -> str:
    """A JSON value as text."""
    return _ENCODE(value)


def to_bytes(value: Any) -> bytes:
    """A JSON value as a whole answer, with a line end for those who look at it in a terminal."""
    return (_ENCODE(value) + "\n").encode("utf-8", "replace")
