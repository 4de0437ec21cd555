"""Writing a file so that a full disk leaves the old one as it was."""

import os
import shutil
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Write a file whole, or leave it as it was; it keeps its mode. Raises OSError.

    Of a link, what it leads to is written. What is no regular file is written to as it is, and so
    is one in a folder in which none can be made.
    """
    place = path.resolve()
    if path.exists() and not (path.is_file() and os.access(place.parent, os.W_OK)):
        path.write_bytes(content)
        return
    part = place.with_name(f".{os.getpid()}.part")
    try:
        if place.exists():
            part.touch(0o600)  # nobody reads what the old one kept from him
        part.write_bytes(content)
        if place.exists():
            shutil.copymode(place, part)
        part.replace(place)
    except OSError:
        part.unlink(missing_ok=True)
        raise
