"""Databases of other programs, strictly read only."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import (
    URL,
    ColumnClause,
    Connection,
    Engine,
    NullPool,
    column,
    create_engine,
    func,
    inspect,
    make_url,
    select,
    table,
)
from sqlalchemy.exc import ArgumentError

from botsched.errors import InvalidError, StoreUnavailableError
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.engine import open_engines
from botsched.store.errors import mapped_errors

_PORTION = 500
_SQLITE = b"SQLite format 3\0"
_LOGIN_CURE = (
    "See that it runs and lets this machine in, and that SOURCE names the right user and database; "
    "--ask-password asks for the password."
)
_KINDS = {
    "sqlite": Dbms.SQLITE,
    "postgresql": Dbms.POSTGRESQL,
    "postgres": Dbms.POSTGRESQL,
    "mysql": Dbms.MYSQL,
    "mariadb": Dbms.MYSQL,
}


def source_of(text: str, password: str | None = None) -> DatabaseSettings:
    """The database that an address names, or the path of a file of SQLite.

    Raises InvalidError, without a word of what the address says: it may hold a password.
    """
    kind, colon, _ = text.partition(":")
    if not colon or ("://" not in text and kind not in _KINDS):
        return DatabaseSettings(Dbms.SQLITE, path=Path(text))
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InvalidError(
            {"SOURCE": "the address is not understood; write postgresql://USER@HOST:PORT/DATABASE"}
        ) from None
    dbms = _KINDS.get(url.get_backend_name())
    if dbms is None:
        raise InvalidError(
            {"SOURCE": f"{url.get_backend_name()!r} is not read; {', '.join(_KINDS)} are"}
        )
    if dbms is Dbms.SQLITE:
        return DatabaseSettings(dbms, path=Path(url.database or ""))
    sslmode = url.query.get("sslmode")
    return DatabaseSettings(
        dbms,
        hostname=url.host or "localhost",
        port=url.port or (5432 if dbms is Dbms.POSTGRESQL else 3306),
        user=url.username,
        password=url.password if password is None else password,
        database=url.database,
        sslmode=sslmode if isinstance(sslmode, str) else None,
    )


class Foreign:
    """Tables and rows of such a database, as its driver gives them.

    Nothing can be written: the connection itself refuses it.
    """

    def __init__(self, settings: DatabaseSettings) -> None:
        """Nothing is opened yet.

        Raises StartError when the driver is missing, StoreUnavailableError when there is no file.
        """
        if settings.path is not None:
            _check_is_database(settings.path)
            self._engines: Sequence[Engine] = [_read_only(settings.path)]
            self.name = str(settings.path)
        else:
            engines = open_engines(settings, readers=1)
            self._engines = [engines.reading, engines.writing, engines.lease]
            self.name = engines.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for engine in self._engines:
            engine.dispose()

    def tables(self) -> dict[str, set[str]]:
        """The names of columns of each table."""
        with mapped_errors(self.name, _LOGIN_CURE), self._engines[0].connect() as connection:
            found = inspect(connection)
            return {
                name: {str(each["name"]) for each in found.get_columns(name)}
                for name in found.get_table_names()
            }

    def count(self, name: str) -> int:
        """How many rows a table has."""
        with mapped_errors(self.name, _LOGIN_CURE), self._engines[0].connect() as connection:
            return connection.execute(select(func.count()).select_from(table(name))).scalar_one()

    def rows(self, name: str, columns: Collection[str]) -> Iterator[list[dict[str, Any]]]:
        """These columns of all rows as of one moment, some hundreds at a time.

        The first column tells the order; only so many rows are held in memory.
        """
        with self._stream() as connection:
            chosen: list[ColumnClause[Any]] = [column(each) for each in columns]
            query = select(*chosen).select_from(table(name)).order_by(chosen[0])
            result = connection.execute(query)
            for rows in result.mappings().partitions(_PORTION):
                yield [dict(row) for row in rows]

    @contextmanager
    def _stream(self) -> Iterator[Connection]:
        with mapped_errors(self.name, _LOGIN_CURE), self._engines[0].connect() as connection:
            if connection.dialect.name != Dbms.SQLITE:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection.execution_options(stream_results=True, max_row_buffer=_PORTION)


def _check_is_database(path: Path) -> None:
    """Raises StoreUnavailableError."""
    if path.is_dir():
        raise StoreUnavailableError(f"{path} is a folder; name the database file in it.")
    if not path.is_file():
        raise StoreUnavailableError(f"There is no database file {path}.")
    try:
        with path.open("rb") as file:
            begins = file.read(len(_SQLITE))
    except OSError as error:
        raise StoreUnavailableError(f"{path} cannot be read: {error.strerror}.") from error
    if begins != _SQLITE:
        raise StoreUnavailableError(f"{path} is no database of SQLite.")


def _read_only(path: Path) -> Engine:
    """Opened so that SQLite itself cannot write: no journal, and no file that is not there."""
    address = path.absolute().as_uri()
    url = URL.create("sqlite", database=address, query={"mode": "ro", "uri": "true"})
    return create_engine(url, poolclass=NullPool, hide_parameters=True)
