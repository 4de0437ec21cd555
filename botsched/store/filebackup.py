"""A copy of a SQLite database, made while it is in use."""

import contextlib
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from botsched.errors import StartError


def back_up_before_upgrade(path: Path, revision: int) -> Path:
    """Copy a database beside itself before it is upgraded, and tell where.

    The copy appears under its name when it is complete and on the disk.

    Raises StartError when it cannot be written.
    """
    stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    target = path.with_name(f"{path.name}.revision-{revision}.{stamp}")
    partial = path.with_name(f"{path.name}.backup-in-progress")
    try:
        _copy(path, partial)
        partial.rename(target)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise StartError(
            f"The database {path} has to be upgraded, and cannot be backed up to {target} "
            f"before: {error}. Make room, or let the folder be written; nothing was changed."
        ) from None
    return target


def _copy(path: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        contextlib.closing(sqlite3.connect(path)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy, pages=1000)
    with target.open("rb") as file:
        os.fsync(file.fileno())
