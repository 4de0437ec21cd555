"""Backups: all of a database in one SQLite file, and back into a database of any kind.

The file has the tables of a database of ours under their usual names, without their indexes.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, NullPool, create_engine

from botsched.domain.clock import system_clock
from botsched.errors import RevisionError, StartError
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
    if target.exists() and not overwrite:
        raise StartError(f"{target} exists already. Choose another name, or give --overwrite.")
    unfinished = target.with_name(f"{target.name}.in-progress")
    try:
        with Reader(database) as reader:
            reader.require_present_revision()
            _make(unfinished)
            with reader.snapshot() as session:
                _fill(unfinished, f"{reader.name} or its backup", session.contents, progress)
        _check(unfinished)
        unfinished.rename(target)
        _flush(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise StartError(
            f"The backup {target} cannot be written: {error}. "
            "See that its folder exists, may be written and has space."
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)


def restore(
    archive: Path, database: DatabaseSettings, progress: Progress, *, replace: bool = False
) -> None:
    """Put all that is in a backup into a database on which no server runs, or nothing of it.

    Raises StartError when a server runs there, or something is there and is not to be replaced;
    StoreError when the file is no backup, or the database cannot be used.
    """
    with _opened(archive) as source, closing(Store(database)) as store:
        if not replace and not store.read(lambda session: session.contents.is_empty()):
            raise StartError(
                f"The database {store.name} is not empty. Back it up, and give --replace to have "
                "the backup take the place of all that is in it."
            )
        with source.snapshot() as restored:
            store.write(partial(_take_over, restored.contents, progress, store))


def _take_over(source: Contents, progress: Progress, store: Store, session: Session) -> None:
    if store.shared and (servers := session.leases.bar()):
        raise InUseError(
            f"The database {store.name} is in use by {' and '.join(map(str, servers))}. "
            "Stop all servers on it first."
        )
    session.contents.clear()
    session.contents.take_over(source, progress)
    session.contents.end_what_ran(system_clock())


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
        (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
        if answer != "ok":
            raise sqlite3.DatabaseError(f"what was written reads otherwise ({answer})")
    _flush(path)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _opened(archive: Path) -> Iterator[Reader]:
    """A backup to be read; one of an earlier release is upgraded, in a copy of it."""
    if not archive.is_file():
        raise StartError(f"There is no backup {archive}.")
    with Reader(DatabaseSettings(Dbms.SQLITE, path=archive)) as reader:
        upgrade = reader.examine()
        if upgrade.revision is None:
            raise RevisionError(f"{archive} is no backup: it has none of the tables.")
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
