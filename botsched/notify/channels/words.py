"""The words of another side, made fit for logs, rows and pages."""

import re
from collections.abc import Iterable
from typing import Final

from botsched.notify.wording import one_line

_MOST: Final = 300
_SHORTEST_SECRET: Final = 4  # what is shorter would blot out half of every sentence
_PART: Final = re.compile(r"[^\s/?&=:;,]{8,}")  # of "Bearer abc" or "/hooks/abc?key=def"


def told(text: str | bytes, secrets: Iterable[str] = (), *, end: bool = False) -> str:
    """One line of at most 300 characters, the last ones with ``end``.

    ``secrets`` are not in it, neither whole nor in longer parts.
    """
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    parts = {part for secret in secrets for part in (secret, *_PART.findall(secret))}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _SHORTEST_SECRET:
            words = words.replace(part, "***")
    words = one_line(words, len(words) + 1)
    if len(words) <= _MOST:
        return words
    return f"…{words[-_MOST:]}" if end else f"{words[:_MOST]}…"
