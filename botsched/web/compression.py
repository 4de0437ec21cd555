"""Answers made smaller, for clients that say they can read them so."""

import gzip
import zlib
from collections.abc import Iterator
from typing import Final

from tornado.httputil import HTTPHeaders

WORTHWHILE: Final = 1024
"""Bytes from which on a compressed answer is sent."""

_LEVEL: Final = 4  # half the time of level 6, and hardly longer


def is_accepted(headers: HTTPHeaders) -> bool:
    """Whether who sent these headers reads gzip."""
    for each in headers.get("Accept-Encoding", "").lower().split(","):
        name, _, quality = each.replace(" ", "").partition(";q=")
        if name == "gzip":
            return quality.strip("0.") != "" or quality == ""
    return False


def compressed(body: bytes, level: int = _LEVEL) -> bytes:
    """The body in gzip, always the same for the same."""
    return gzip.compress(body, level, mtime=0)


def compressed_parts(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Parts of one body as parts of one gzip; each of them can be read as soon as it has come."""
    packer = zlib.compressobj(_LEVEL, wbits=zlib.MAX_WBITS | 16)
    for part in parts:
        yield packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()
