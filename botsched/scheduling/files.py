"""Data files: what users upload for jobs to read, in one flat folder."""

import io
import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from botsched.domain.audit import AuditEvent, Event
from botsched.domain.clock import Clock
from botsched.domain.datafile import DataFile, check_filename, summarize
from botsched.errors import ConflictError, InvalidError, NotFoundError, StoreUnavailableError
from botsched.store.session import Session
from botsched.store.store import Store


class FileService:
    """The data folder. Files put there by hand are listed too."""

    def __init__(self, store: Store, clock: Clock, folder: Path) -> None:
        self._store = store
        self._clock = clock
        self._folder = folder

    def all(self) -> list[DataFile]:
        """The files that are there, by name."""
        known = {file.filename: file for file in self._store.read(lambda s: s.files.all())}
        with suppress(FileNotFoundError):
            inside = self._folder.resolve()
            paths = sorted(
                path
                for path in self._folder.iterdir()
                if path.is_file() and path.resolve().parent == inside
            )
            files = [
                known.get(path.name) or _by_hand(path)
                for path in paths
                if not path.name.startswith(".")
            ]
            return [file for file in files if file is not None]
        return []

    def path(self, name: str) -> Path:
        """Where an existing file lies. Raises NotFoundError, and InvalidError for a bad name."""
        path = self._resolved(name)
        if not path.is_file():
            raise NotFoundError("file", name)
        return path

    def put(self, name: str, content: bytes, user: str) -> DataFile:
        """Store a file, in place of one of that name; readers see the old or the new, never half.

        Raises InvalidError for a name that cannot be used, ConflictError for that of a folder.
        """
        path = self._resolved(name)
        if path.is_dir():
            raise ConflictError(f"{name!r} is a folder inside the data folder; take another name.")
        now = self._clock()
        entries, description = summarize(io.TextIOWrapper(io.BytesIO(content), "utf-8", "replace"))
        file = DataFile(name, user, now, entries, description)
        self._write(path, content)

        def operation(session: Session) -> None:
            session.files.put(file)
            session.audit.add(
                AuditEvent(Event.FILE_ADDED, user, now, description=f"{name}: {len(content)} bytes")
            )

        self._store.write(operation)
        return file

    def delete(self, name: str, user: str) -> None:
        """Delete a file. Raises NotFoundError."""
        path = self.path(name)
        now = self._clock()
        path.unlink(missing_ok=True)

        def operation(session: Session) -> None:
            session.files.delete(name)
            session.audit.add(AuditEvent(Event.FILE_DELETED, user, now, description=name))

        self._store.write(operation)

    def _resolved(self, name: str) -> Path:
        """The path of a name, which must not lead out of the folder, by link or otherwise."""
        path = (self._folder / check_filename(name)).resolve()
        if path.parent != self._folder.resolve():
            raise InvalidError({"filename": f"{name!r} leads out of the data folder"})
        return path

    def _write(self, path: Path, content: bytes) -> None:
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


def _by_hand(path: Path) -> DataFile | None:
    """A file that was not uploaded; None when it has just gone or may not be read."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            entries, description = summarize(file)
            changed = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    except OSError:
        return None
    return DataFile(path.name, "", changed, entries, description)
