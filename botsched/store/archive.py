"""Backups: all of a database in one SQLite file, and back into a database of any kind.

The file has the tables of a database of ours under their usual names, without their indexes.
"""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, NullPool, create_engine

from botsched.domain.clock import system_clock
from botsched.errors import RevisionError, StartError, StoreCorruptError
from botsched.settings.model import DatabaseSettings, Dbms, TableNames
from botsched.store.contents import Contents, Progress
from botsched.store.errors import InUseError, mapped_errors
from botsched.store.reader import Reader
from botsched.store.schema import Schema
from botsched.store.session import Session
from botsched.store.store import Store


def back_up(
    database: DatabaseSettings, target: Path, progress: Progress, *, overwrite: bool = False
) -> None:
    """Write all that is in a database into a file; a server may work on it meanwhile.

    The file appears under its name when it is complete, checked, and on the disk. Raises StartError
    when it cannot be written, StoreError when the database cannot be read or is to be upgraded.
    """
    unfinished = _place(target, database.path, overwrite=overwrite)
    try:
        with Reader(database) as reader:
            reader.require_present_revision()
            _make(unfinished)
            with reader.snapshot() as session:
                _fill(unfinished, f"{reader.name} or its backup", session.contents, progress)
        _check(unfinished)
        _flush(unfinished)
        unfinished.rename(target)
        _flush(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise _not_written(target, error) from None
    finally:
        unfinished.unlink(missing_ok=True)


def restore(
    archive: Path, database: DatabaseSettings, progress: Progress, *, replace: bool = False
) -> None:
    """Put all that is in a backup into a database on which no server runs, or nothing of it.

    Raises StartError when a server runs there, or something is there and is not to be replaced;
    StoreError when the file is no backup, or the database cannot be used.
    """
    with _opened(archive) as source:
        if not replace:
            _require_empty(database)
        with closing(Store(database)) as store, source.snapshot() as restored:
            store.write(partial(_take_over, restored.contents, progress, store))


def _require_empty(database: DatabaseSettings) -> None:
    """Before any table is made there."""
    if database.path is not None and not database.path.exists():
        return
    with Reader(database) as reader:
        reader.examine()
        if not reader.read(lambda session: session.contents.is_empty()):
            raise StartError(
                f"The database {reader.name} is not empty. Back it up, and give --replace to have "
                "the backup take the place of all that is in it."
            )


def _take_over(source: Contents, progress: Progress, store: Store, session: Session) -> None:
    if store.shared and (servers := session.leases.bar()):
        raise InUseError(
            f"The database {store.name} is in use by {' and '.join(map(str, servers))}. "
            "Stop all servers on it first."
        )
    session.contents.clear()
    session.contents.take_over(source, progress)
    session.contents.end_what_ran(system_clock())


def _place(target: Path, database: Path | None, *, overwrite: bool) -> Path:
    """Where to write what becomes the target. Raises StartError when it may not be replaced."""
    try:
        kind = _kind(target)
        if kind is None and target.exists() and not overwrite:
            raise StartError(f"{target} exists already. Choose another name, or give --overwrite.")
        if kind is not None:
            raise StartError(f"{target} is {kind}, which is never replaced. Name a file.")
        unfinished = target.with_name(f"{target.name}.in-progress")
        for path in (target, unfinished):
            if database is not None and _is_of(path, database):
                raise StartError(
                    f"{path} is of the database itself, which is left alone. Choose another name."
                )
    except OSError as error:
        raise _not_written(target, error) from None
    return unfinished


def _kind(path: Path) -> str | None:
    """What there is; None for nothing, or a file. Links are not followed."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISREG(mode):
        return None
    return {stat.S_IFDIR: "a folder", stat.S_IFLNK: "a symbolic link"}.get(
        stat.S_IFMT(mode), "a device or the like"
    )


def _is_of(path: Path, database: Path) -> bool:
    """Whether a path is that of a SQLite database, or of a file that SQLite keeps beside it."""
    names = [database.resolve()]
    names += [names[0].with_name(f"{names[0].name}{end}") for end in ("-wal", "-shm", "-journal")]
    return path.resolve() in names or any(
        path.exists() and each.exists() and path.samefile(each) for each in names
    )


def _not_written(target: Path, error: Exception) -> StartError:
    return StartError(
        f"The backup {target} cannot be written: {error}. "
        "See that its folder exists, may be written and has space."
    )


def _make(path: Path) -> None:
    """An empty file that only its owner may read: it holds what jobs print."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _fill(path: Path, name: str, source: Contents, progress: Progress) -> None:
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    with mapped_errors(f"{name} {path}"), engine.connect() as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):  # a file cut short is thrown away
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        target = Contents(connection, Schema(TableNames()))
        target.make_tables()
        target.take_over(source, progress)
        connection.commit()


def _check(path: Path) -> None:
    """Raises sqlite3.Error when the file cannot be read as it should."""
    with closing(sqlite3.connect(path)) as connection:
        (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if answer != "ok":
            raise sqlite3.DatabaseError("it is not whole")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _opened(archive: Path) -> Iterator[Reader]:
    """A backup to be read; one of an earlier release is upgraded, in a copy of it."""
    if not archive.exists():
        raise StartError(f"There is no backup {archive}.")
    if not archive.is_file():
        kind = _kind(archive.resolve())
        raise StartError(
            f"{archive} is {kind}, and no backup. Name the file that was backed up to."
        )
    try:
        _check(archive)
    except sqlite3.Error as error:
        raise StoreCorruptError(
            f"{archive} cannot be read as a backup: {error}. Nothing was restored. It is damaged, "
            "cut off, may not be read, or is no backup at all; take another one."
        ) from None
    with Reader(DatabaseSettings(Dbms.SQLITE, path=archive)) as reader:
        upgrade = reader.examine()
        if upgrade.revision is None:
            raise RevisionError(f"{archive} is no backup: it has none of the tables.")
        if upgrade.tables and not upgrade:
            missing = ", ".join(upgrade.tables)
            raise RevisionError(f"{archive} is no backup: it has no table {missing}.")
        if not upgrade:
            yield reader
            return
    with TemporaryDirectory() as folder:
        copy = DatabaseSettings(Dbms.SQLITE, path=Path(folder) / "upgraded.db")
        assert copy.path is not None
        shutil.copyfile(archive, copy.path)
        Store(copy).close()
        with Reader(copy) as reader:
            yield reader
