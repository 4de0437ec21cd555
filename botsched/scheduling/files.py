"""What users do with data files: what they upload, or write, for jobs to read."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from botsched.catalog import CatalogueDescription
from botsched.domain.audit import AuditEvent, Event, changes_between
from botsched.domain.clock import Clock
from botsched.domain.datafile import DataFile, FileText, FileUse, StoredFile, version_of
from botsched.errors import ConflictError, ExecutionError, InvalidError, NotFoundError
from botsched.scheduling.datafolder import DataFolder, recorded, stored
from botsched.scheduling.fileuse import file_use
from botsched.store.session import Session
from botsched.store.store import Store

MOST_TEXT = 512 * 1024
"""So many bytes of a file are shown as text, and can be edited."""


class FileService:
    """Use cases around data files. Files put into the folder by hand are listed, too.

    ``catalogue`` gives the job classes; it may raise ExecutionError while they are being loaded.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        folder: Path,
        catalogue: Callable[[], CatalogueDescription],
    ) -> None:
        self._store = store
        self._clock = clock
        self._folder = DataFolder(folder)
        self._catalogue = catalogue
        self._writing = threading.Lock()

    def all(self) -> list[StoredFile]:
        """The files that are there, by name."""
        known = {file.filename: file for file in self._store.read(lambda s: s.files.all())}
        found = [stored(path, known.get(path.name)) for path in self._folder.paths()]
        uses = self._uses() if found else {}
        return [
            replace(file, use=uses.get(file.file.filename, FileUse())) for file in found if file
        ]

    def path(self, name: str) -> Path:
        """Where an existing file lies. Raises NotFoundError, and InvalidError for a bad name."""
        return self._folder.path(name)

    def open(self, name: str) -> BinaryIO:
        """A file to be read. Raises as ``path``, and ConflictError when it may not be read."""
        return self._folder.open(name)

    def text(self, name: str) -> FileText:
        """What a file says. Raises as ``open``."""
        with self.open(name) as file:
            content = file.read(MOST_TEXT + 1)
        found = stored(self.path(name), self._store.read(lambda s: s.files.get(name)))
        if found is None:
            raise NotFoundError("file", name)
        found = replace(found, use=self._uses().get(name, FileUse()))
        complete = len(content) <= MOST_TEXT
        text = _decoded(content[:MOST_TEXT], complete=complete)
        version = version_of(content) if complete and text is not None else None
        return FileText(found, text, complete, version)

    def put(self, name: str, content: bytes, user: str) -> DataFile:
        """Store a file, in place of one of that name; readers see the old or the new, never half.

        Raises InvalidError for a name that cannot be used, ConflictError for that of a folder.
        """
        with self._writing:
            return self._put(name, content, user)

    def edit(self, name: str, text: str, user: str, version: str | None) -> str:
        """Write a file, and give its new version.

        ``version`` is that of the content which the user saw, empty when there was no such file;
        None to write whatever is there. Raises as ``put``, and ConflictError when somebody else
        was faster.
        """
        content = text.encode()
        if len(content) > MOST_TEXT:
            fault = f"has {len(content)} bytes; at most {MOST_TEXT} are written so, upload it"
            raise InvalidError({"text": fault})
        with self._writing:
            if version is not None:
                self._check_version(name, version)
            self._put(name, content, user)
        return version_of(content)

    def delete(self, name: str, user: str) -> None:
        """Delete a file. Raises NotFoundError."""
        path = self.path(name)
        now = self._clock()

        def operation(session: Session) -> None:
            session.files.delete(name)
            session.audit.add(AuditEvent(Event.FILE_DELETED, user, now, description=name))

        with self._writing:
            path.unlink(missing_ok=True)
            self._store.write(operation)

    def _put(self, name: str, content: bytes, user: str) -> DataFile:
        path = self._folder.place(name)
        now = self._clock()
        file = recorded(name, user, now, content)
        before = stored(path, self._store.read(lambda session: session.files.get(name)))
        self._folder.write(path, content)
        told = AuditEvent(Event.FILE_ADDED, user, now, description=f"{name}: {len(content)} bytes")
        if before is not None:
            changes = changes_between(_data(before), _data(StoredFile(file, len(content), now)))
            told = replace(told, event=Event.FILE_MODIFIED, changes=changes)

        def operation(session: Session) -> None:
            session.files.put(file)
            session.audit.add(told)

        self._store.write(operation)
        return file

    def _check_version(self, name: str, version: str) -> None:
        try:
            with self.open(name) as file:
                present = version_of(file.read(MOST_TEXT + 1))
        except NotFoundError:
            present = ""
        if version == present:
            return
        if not version:
            raise ConflictError(f"There is a file {name!r} already; take another name.")
        happened = "changed" if present else "deleted"
        raise ConflictError(
            f"The file {name!r} was {happened} meanwhile. Look at it again and repeat your change."
        )

    def _uses(self) -> dict[str, FileUse]:
        catalogue = CatalogueDescription()
        with suppress(ExecutionError):
            catalogue = self._catalogue()
        return self._store.read(lambda session: file_use(session, catalogue))


def _data(stored: StoredFile) -> dict[str, Any]:
    """What the audit log tells of a file; never what is in it."""
    file = stored.file
    return {"size": stored.size, "entries": file.entries, "description": file.description}


def _decoded(content: bytes, *, complete: bool) -> str | None:
    """The text; None when it is none. What was cut may end within a letter."""
    if b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        if not complete and error.reason == "unexpected end of data":
            return content[: error.start].decode()
        return None
