"""A SQLite file, held by one server at a time and watched for being taken away."""

import fcntl
import os
from pathlib import Path
from typing import Self

from botsched.errors import StoreUnavailableError
from botsched.store.errors import InUseError


class DatabaseFile:
    """The file itself is locked, so that no other name of it and no lock file matters.

    The lock is one of ``flock``, which SQLite's own locks do not meet. To be closed after all
    connections: closing any descriptor of a file drops the locks that SQLite holds on it.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, made for its owner only if need be: it holds what jobs print.

        Raises InUseError when another server holds it, StoreUnavailableError when it can be
        neither opened nor made.
        """
        self._path = path.absolute()
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnavailableError(
                f"The database file {path} cannot be opened: {error.strerror}. "
                "See that its folder exists and may be written."
            ) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = _holder(self._descriptor)
            os.close(self._descriptor)
            raise InUseError(
                f"The database {path} is in use by another server{holder}. "
                "Stop that one first, or use another database."
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def check(self) -> None:
        """Raise StoreUnavailableError when the path does not lead to the open file any more.

        Costs two microseconds; what is written afterwards would be lost with the file.
        """
        try:
            there = os.path.samestat(self._path.stat(), os.fstat(self._descriptor))
        except OSError:
            there = False
        if not there:
            raise StoreUnavailableError(
                f"The database file {self._path} was moved away, deleted or replaced while it was "
                "in use. Put it back where it was, or restart the server to use what is there now."
            )

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)


def _holder(descriptor: int) -> str:
    """The process that holds the lock, in brackets; empty where the kernel does not tell it."""
    status = os.fstat(descriptor)
    device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}"
    try:
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except OSError:
        return ""
    for fields in map(str.split, lines):
        if fields[1] == "FLOCK" and fields[5] == f"{device}:{status.st_ino}":
            return f" (process {fields[4]})"
    return ""
