"""The files of a mail: what is not shown whole, compressed, in all no more than servers take."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from botsched.notify.wording import listed, one_line, size

MOST_BYTES: Final = 5_000_000
"""Of all files and pictures together; servers commonly refuse mails of 10 MB, encoded."""

PLAIN_BYTES: Final = 100_000
"""Larger ones are compressed, unless they are already."""

_LONGEST_NAME: Final = 80
_COMPRESSED: Final = ("image/", "application/zip")
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the same mail has the same bytes on each attempt


@dataclass(frozen=True, slots=True)
class File:
    """A file of a mail; ``media_type`` is like ``text/plain``."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Files that go with a mail, and what has to be said of those that do not."""

    files: tuple[File, ...]
    note: str = ""


def enclose(files: Sequence[File], most: int) -> Enclosed:
    """Take those of the files that fit, the first first, compressed where that helps.

    ``most`` is how many bytes they may have in all.
    """
    taken, left = [], []
    for file in files:
        packed = _packed(file)
        if len(packed.content) <= most:
            most -= len(packed.content)
            taken.append(packed)
        else:
            left.append(named(file))
    if not left:
        return Enclosed(tuple(taken))
    note = f"{listed(left)} would have made the mail larger than mail servers take."
    return Enclosed(tuple(taken), f"Not attached: {note}")


def named(file: File) -> str:
    """Tell of a file, as ``output.txt (2.1 kB)``."""
    return f"{one_line(file.name, _LONGEST_NAME)} ({size(len(file.content))})"


def _packed(file: File) -> File:
    if len(file.content) <= PLAIN_BYTES or file.media_type.startswith(_COMPRESSED):
        return file
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(file.name, _MOMENT)
        archive.writestr(entry, file.content, zipfile.ZIP_DEFLATED)
    return File(f"{file.name}.zip", "application/zip", stored.getvalue())
