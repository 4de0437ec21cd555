"""Data files: what users upload for jobs to read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from botsched.errors import InvalidError

_NAME = re.compile(r"[^\x00-\x1f\x7f/\\\ud800-\udfff]{1,200}")


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of the data folder.

    ``entries`` counts its lines that are neither empty nor a comment; ``description`` is its
    first line when that is a ``#`` comment.
    """

    filename: str
    user: str
    created_at: datetime
    entries: int
    description: str


@dataclass(frozen=True, slots=True)
class FileUse:
    """Jobs that name a file in an argument of type file: how many, and the first ones by name.

    ``jobs`` holds pairs of id and name.
    """

    count: int = 0
    jobs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it lies in the data folder; ``size`` is in bytes."""

    file: DataFile
    size: int
    modified_at: datetime
    use: FileUse = FileUse()


@dataclass(frozen=True, slots=True)
class FileText:
    """What a file says.

    ``text`` is None when it is no text, and only its beginning when it is not ``complete``.
    ``version`` tells this content from any other; None when it cannot be edited as text.
    """

    stored: StoredFile
    text: str | None
    complete: bool
    version: str | None


def version_of(content: bytes) -> str:
    """What tells this content from any other: 32 hexadecimal digits."""
    return blake2b(content, digest_size=16).hexdigest()


def check_filename(name: str) -> str:
    """The name, when it can be a file of the data folder. Raises InvalidError."""
    if not _NAME.fullmatch(name) or name.startswith(".") or name != name.strip():
        raise InvalidError(
            {
                "filename": f"{name!r} cannot be used; give a plain name without folders, "
                "control characters, a leading dot or spaces around it, of at most 200 characters"
            }
        )
    if len(name.encode()) > 250:
        raise InvalidError({"filename": "the name is longer than 250 bytes; shorten it"})
    return name


def summarize(lines: Iterable[str]) -> tuple[int, str]:
    """How many entries a file holds, and its description, from its lines."""
    entries, first = 0, ""
    for line in lines:
        stripped = line.strip()
        first = first or stripped
        entries += bool(stripped) and not stripped.startswith("#")
    description = first.lstrip("#").strip()[:500]
    is_text = first.startswith("#") and description.isprintable()
    return entries, description if is_text else ""
