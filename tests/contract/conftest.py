"""The databases that every suite here runs over."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from botsched.settings.model import DatabaseSettings, Dbms, TableNames
from botsched.store.engine import open_engines
from botsched.store.store import Store


@pytest.fixture(params=["sqlite"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseSettings:
    """An empty database of each kind."""
    assert request.param == "sqlite"
    return DatabaseSettings(Dbms.SQLITE, path=tmp_path / "test.db", tables=TableNames())


@pytest.fixture
def store(database: DatabaseSettings) -> Iterator[Store]:
    """An open store over an empty database."""
    store = Store(database)
    yield store
    store.close()


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
