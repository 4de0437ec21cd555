"""Where ECS Scheduler keeps its jobs: each is a JSON document with its id."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from botsched.errors import SettingsError

_SQLITE: Final = b"SQLite format 3\0"
_SUFFIX: Final = ".json"


@dataclass(frozen=True, slots=True)
class Document:
    """One job as it is stored; ``place`` says where."""

    place: str
    job_id: str
    text: str


def documents(source: Path) -> Iterator[Document]:
    """The jobs in a SQLite database, in a JSON file, or in the JSON files of a folder, by id.

    Raises SettingsError for what cannot be read.
    """
    try:
        if source.is_dir():
            for file in sorted(source.glob(f"*{_SUFFIX}")):
                yield _of_file(file)
        elif source.read_bytes().startswith(_SQLITE):
            yield from _of_database(source)
        else:
            yield _of_file(source)
    except OSError as error:
        raise SettingsError(f"{source}: {error.strerror}.") from None


def _of_file(file: Path) -> Document:
    return Document(str(file), file.name.removesuffix(_SUFFIX), file.read_text(errors="replace"))


def _of_database(file: Path) -> Iterator[Document]:
    """Rows of the table ``jobs``: ``id``, and ``data`` as JSON."""
    address = f"{file.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            rows = connection.execute("SELECT id, data FROM jobs ORDER BY id").fetchall()
    except sqlite3.Error as error:
        raise SettingsError(f"{file}: is no database of ECS Scheduler: {error}.") from None
    return (Document(f"{file}: {job_id}", str(job_id), str(data)) for job_id, data in rows)
