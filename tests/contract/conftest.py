"""The databases that every suite here runs over."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from botsched.settings.model import DatabaseSettings, Dbms, TableNames
from botsched.store.engine import open_engines
from botsched.store.session import Session
from botsched.store.store import Store
from tests.support.databases import DatabaseServer


@pytest.fixture(params=Dbms)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DatabaseSettings]:
    """An empty database of each kind."""
    if request.param is Dbms.SQLITE:
        yield DatabaseSettings(Dbms.SQLITE, path=tmp_path / "test.db", tables=TableNames())
    else:
        server: DatabaseServer = request.getfixturevalue(f"{request.param}_server")
        with server.empty_database() as settings:
            yield settings


@pytest.fixture(params=Dbms)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An open store over empty tables of each kind."""
    if request.param is Dbms.SQLITE:
        store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "test.db"))
        yield store
        store.close()
    else:
        store = request.getfixturevalue(f"{request.param}_store")
        store.write(_clear)
        yield store


@pytest.fixture(scope="session")
def postgresql_store(postgresql_server: DatabaseServer) -> Iterator[Store]:
    """A store that stays open: to make the tables takes longer than most tests."""
    yield from _stays_open(postgresql_server)


@pytest.fixture(scope="session")
def mysql_store(mysql_server: DatabaseServer) -> Iterator[Store]:
    """The same."""
    yield from _stays_open(mysql_server)


def _stays_open(server: DatabaseServer) -> Iterator[Store]:
    server.execute("CREATE DATABASE stays_open")
    store = Store(replace(server.admin, database="stays_open"))
    yield store
    store.close()


def _clear(session: Session) -> None:
    for table in session._schema.metadata.sorted_tables:
        if table not in (session._schema.meta, session._schema.lease):
            session._connection.execute(table.delete())


@pytest.fixture
def in_sql(
    database: DatabaseSettings,
) -> Iterator[Callable[[Callable[[Connection], object]], object]]:
    """Work on the database behind the store's back; for statements of this database."""
    engines: list[Engine] = []

    def work(operation: Callable[[Connection], object]) -> object:
        opened = open_engines(database)
        engines.extend([opened.writing, opened.reading])
        with opened.writing.begin() as connection:
            return operation(connection)

    yield work
    for engine in engines:
        engine.dispose()
