"""Data files: what users upload for jobs to read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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
