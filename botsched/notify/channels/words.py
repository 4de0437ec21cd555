"""The words of another side, made fit for logs, rows and pages."""

from collections.abc import Iterable

from botsched.notify.wording import one_line

_MOST = 300
_SHORTEST_SECRET = 4  # what is shorter would blot out half of every sentence


def told(text: str | bytes, secrets: Iterable[str] = (), *, end: bool = False) -> str:
    """One line of at most 300 characters, the last ones with ``end``; ``secrets`` are not in it."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            words = words.replace(secret, "***")
    words = one_line(words, len(words) + 1)
    if len(words) <= _MOST:
        return words
    return f"…{words[-_MOST:]}" if end else f"{words[:_MOST]}…"
