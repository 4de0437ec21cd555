"""How the proxy tells the server who is asking, over a header only the two of them may write."""

from typing import Final
from urllib.parse import quote, unquote

USER_HEADER: Final = "X-Bots-User"
SECRET_HEADER: Final = "X-Bots-Secret"  # noqa: S105  # the name of a header
RESERVED_PREFIX: Final = "x-bots-"
"""Names of headers that no client may send, in lower case."""


def encode_user(user: str) -> str:
    """The user's name as a header value: percent-encoded UTF-8, so plain ASCII without spaces."""
    return quote(user, safe="")


def decode_user(header: str) -> str:
    """The user's name from the value of ``USER_HEADER``; ValueError when no proxy wrote it."""
    return unquote(header, errors="strict")
