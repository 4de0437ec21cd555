"""The folder of data files: what may be in it, and how a file is put there."""

import io
import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from botsched.domain.datafile import DataFile, StoredFile, check_filename, summarize
from botsched.errors import ConflictError, InvalidError, NotFoundError, StoreUnavailableError


class DataFolder:
    """A flat folder. No name and no link leads out of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def paths(self) -> list[Path]:
        """The files that are there, by name; hidden ones are not ours."""
        with suppress(FileNotFoundError):
            inside = self._folder.resolve()
            return sorted(
                path
                for path in self._folder.iterdir()
                if path.is_file() and path.resolve().parent == inside and path.name[0] != "."
            )
        return []

    def path(self, name: str) -> Path:
        """Where an existing file lies. Raises NotFoundError, and InvalidError for a bad name."""
        path = self._resolved(name)
        if not path.is_file():
            raise NotFoundError("file", name)
        return path

    def place(self, name: str) -> Path:
        """Where a file may be put. Raises InvalidError, ConflictError for the name of a folder."""
        path = self._resolved(name)
        if path.is_dir():
            raise ConflictError(f"{name!r} is a folder inside the data folder; take another name.")
        return path

    def open(self, name: str) -> BinaryIO:
        """A file to be read. Raises NotFoundError, and ConflictError when it may not be read."""
        path = self.path(name)
        try:
            return path.open("rb")
        except FileNotFoundError:
            raise NotFoundError("file", name) from None
        except OSError as error:
            raise ConflictError(
                f"The file {name!r} cannot be read: {error.strerror}. See that the user of the "
                "server may read it."
            ) from error

    def write(self, path: Path, content: bytes) -> None:
        """Put a file in place; readers see the old or the new one, never half.

        Raises StoreUnavailableError.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
                try:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                    Path(file.name).replace(path)
                except OSError:
                    Path(file.name).unlink()
                    raise
        except OSError as error:
            raise StoreUnavailableError(
                f"The file {path.name!r} could not be written to the data folder: "
                f"{error.strerror}. See that it may be written and has space."
            ) from error

    def _resolved(self, name: str) -> Path:
        path = (self._folder / check_filename(name)).resolve()
        if path.parent != self._folder.resolve():
            raise InvalidError({"filename": f"{name!r} leads out of the data folder"})
        return path


def stored(path: Path, known: DataFile | None) -> StoredFile | None:
    """A file as it lies there; None when it has just gone, or is not ``known`` nor readable."""
    try:
        status = path.stat()
        modified_at = datetime.fromtimestamp(status.st_mtime, UTC)
        return StoredFile(known or _by_hand(path, modified_at), status.st_size, modified_at)
    except OSError:
        return None


def recorded(name: str, user: str, now: datetime, content: bytes) -> DataFile:
    """What is recorded of a file with this content."""
    entries, description = summarize(io.TextIOWrapper(io.BytesIO(content), "utf-8", "replace"))
    return DataFile(name, user, now, entries, description)


def _by_hand(path: Path, modified_at: datetime) -> DataFile:
    with path.open(encoding="utf-8", errors="replace") as file:
        entries, description = summarize(file)
    return DataFile(path.name, "", modified_at, entries, description)
