"""A database on a server: who may use it, and what happens when it goes away and comes back."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event, inspect, text

from botsched.errors import StoreError, StoreUnavailableError
from botsched.settings.model import DatabaseSettings, Dbms, TableNames
from botsched.store import preparing, writer
from botsched.store.engine import open_engines
from botsched.store.errors import InUseError
from botsched.store.schema import Schema
from botsched.store.store import Store
from tests.support.databases import PASSWORD, DatabaseServer
from tests.support.values import a_job, an_execution
from tests.support.waiting import PATIENCE, until


@pytest.fixture(params=[Dbms.POSTGRESQL, Dbms.MYSQL])
def server(request: pytest.FixtureRequest) -> DatabaseServer:
    return request.getfixturevalue(f"{request.param}_server")


@pytest.fixture
def database(server: DatabaseServer) -> Iterator[DatabaseSettings]:
    with server.empty_database() as settings:
        yield settings


@pytest.fixture
def store(database: DatabaseSettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An open store that waits for nothing long."""
    monkeypatch.setattr(writer, "_LOOK_SECONDS", 0.1)
    monkeypatch.setattr(writer, "_RETRY_SECONDS", 0.1)
    store = Store(database)
    yield store
    store.close()


def add(store: Store) -> None:
    store.write(lambda session: session.jobs.add(a_job()))


def count(store: Store) -> int:
    return store.read(lambda session: session.jobs.count())


def logged(caplog: pytest.LogCaptureFixture, words: str) -> list[str]:
    return [text for record in caplog.records if words in (text := record.getMessage())]


def cut(server: DatabaseServer) -> None:
    """End the sessions of all others."""
    if server.dbms is Dbms.POSTGRESQL:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name LIKE 'bots-scheduler%'"
        )
    else:
        query = "SELECT id FROM information_schema.processlist WHERE db = 'bots'"
        for (number,) in server.execute(query):
            server.execute(f"KILL {number}")


# Who may use it


def test_several_servers_may_use_it(store, database) -> None:
    second = Store(database)
    add(store)
    add(second)
    assert count(store) == count(second) == 2
    second.close()


def test_those_that_start_together_make_the_tables_one_after_the_other(database) -> None:
    with ThreadPoolExecutor(3) as pool:
        stores = list(pool.map(Store, [database] * 3))
    for store in stores:
        add(store)
    assert count(stores[0]) == 3
    for store in stores:
        store.close()


def test_what_one_has_made_is_committed_before_the_next_one_may_begin(database) -> None:
    """Or that one would add the same rows, and its start would fail."""
    engines = open_engines(database)
    with engines.reading.connect() as next_one:
        take = text(preparing._TAKE[next_one.dialect.name])
        taken = []

        def try_to_begin(_connection) -> None:
            if threading.current_thread() is threading.main_thread():  # no writer's commit
                taken.append(bool(next_one.execute(take).scalar_one()))

        event.listen(Engine, "commit", try_to_begin)
        try:
            Store(database).close()
        finally:
            event.remove(Engine, "commit", try_to_begin)
    engines.dispose()
    assert taken == [False]


def test_a_server_of_the_first_release_is_not_joined(database, server, monkeypatch) -> None:
    """It holds this lock as long as it runs, and wrote down who it is."""
    Store(database).close()
    monkeypatch.setattr(preparing, "_WAIT_SECONDS", 0.3)
    engines = open_engines(database)
    with engines.writing.begin() as connection:
        connection.execute(
            text("INSERT INTO scheduler_meta VALUES ('holder', 'process 7 on old, since 12:00')")
        )
    lock = {
        Dbms.POSTGRESQL: "pg_try_advisory_lock("
        "1651471475, to_regnamespace(current_schema())::oid::int)",
        Dbms.MYSQL: "GET_LOCK(CONCAT('bots-scheduler ', SHA1(DATABASE())), 0)",
    }[server.dbms]
    with engines.writing.connect() as connection:
        assert connection.execute(text(f"SELECT {lock}")).scalar_one()
        with pytest.raises(InUseError, match=r"of an older version \(process 7 on old, since"):
            Store(database)
        connection.invalidate()
    until(lambda: _opens(database), "the lock to be gone")
    with engines.writing.connect() as connection:
        assert not connection.execute(
            text("SELECT 1 FROM scheduler_meta WHERE name = 'holder'")
        ).all()
    engines.dispose()


def _opens(database: DatabaseSettings) -> bool:
    try:
        Store(database).close()
    except InUseError:
        return False
    return True


def test_a_store_that_is_cut_off_goes_on(store, server) -> None:
    add(store)
    cut(server)

    until(lambda: _succeeds(store), "a write to succeed")

    assert count(store) == 2


def test_a_write_after_a_rest_does_not_meet_the_end_of_its_connection(
    store, server, monkeypatch
) -> None:
    monkeypatch.setattr(writer, "_LOOK_SECONDS", 600)
    monkeypatch.setattr(writer, "_KEPT_SECONDS", 0)
    add(store)
    cut(server)

    add(store)

    assert count(store) == 2


def _succeeds(store: Store) -> bool:
    try:
        add(store)
    except StoreUnavailableError:
        return False
    return True


# What goes wrong


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "wrong"}, ("user, password and database",)),
        ({"user": "nobody"}, ("nobody", "user, password and database")),
        ({"database": "nowhere"}, ("nowhere", "user, password and database")),
        ({"port": 1}, ("127.0.0.1", "See that it runs and lets this machine in")),
        ({"hostname": "no.such.host.invalid"}, ("no.such.host.invalid", "See that it runs")),
    ],
)
def test_a_server_that_cannot_be_used_is_named_with_the_cure(database, changes, words) -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        Store(replace(database, **changes))

    told = str(caught.value)
    for word in words:
        assert word in told
    assert "\n" not in told
    assert PASSWORD not in told
    assert "wrong" not in told


def test_the_name_of_a_store_shows_no_password(store, database) -> None:
    where = f"{database.dbms}://bots@127.0.0.1:{database.port}/{database.database}"
    assert store.name == where


def test_a_server_without_tls_is_refused_where_that_is_wanted(postgresql_server) -> None:
    with pytest.raises(StoreUnavailableError, match="SSL"):
        Store(replace(postgresql_server.admin, sslmode="require"))


@pytest.mark.slow
def test_a_restart_of_the_server_costs_no_durable_write(store, server, caplog) -> None:
    add(store)
    assert count(store) == 1
    server.stop_fast()
    durable = [
        store.submit(lambda session: session.jobs.add(a_job()), durable=True) for _ in range(3)
    ]
    with pytest.raises(StoreUnavailableError):
        count(store)
    with pytest.raises(StoreUnavailableError):
        add(store)
    assert store.fault() is not None

    server.start()

    for future in durable:
        future.result(PATIENCE)
    assert count(store) == 4
    until(lambda: store.fault() is None, "the store to be well")
    assert len(logged(caplog, f"{store.name} answers again")) == 1  # other stores may tell, too


def test_what_makes_no_sense_is_given_up_and_not_tried_for_ever(store) -> None:
    row = an_execution(job_name="x" * 300)
    with pytest.raises(StoreError) as caught:
        store.submit(lambda session: session.executions.add([row]), durable=True).result(PATIENCE)

    assert not isinstance(caught.value, StoreUnavailableError)
    add(store)


def test_reading_cannot_write(store) -> None:
    with pytest.raises(StoreError, match=r"(?i)read.only"):
        store.read(lambda session: session.jobs.add(a_job()))

    assert count(store) == 0


# What it is made of


def test_transactions_see_what_others_committed(store) -> None:
    query = {
        "postgresql": "SHOW transaction_isolation",
        "mysql": "SELECT REPLACE(LOWER(@@tx_isolation), '-', ' ')",
    }[store._engines.writing.dialect.name]

    level = store.write(lambda session: session._connection.execute(text(query)).scalar_one())

    assert level == "read committed"


def test_indexes_that_are_missing_are_made(database, in_sql) -> None:
    schema = Schema(database.tables)
    Store(database).close()
    for index in (each for each in schema.executions.indexes if each.unique):
        in_sql(index.drop)

    Store(database).close()

    found = in_sql(lambda connection: inspect(connection).get_indexes(schema.executions.name))
    assert {index["name"] for index in found} >= {index.name for index in schema.executions.indexes}


def test_tables_may_have_long_names_and_capitals_and_reserved_words(database, in_sql) -> None:
    names = TableNames("Executions_" + "x" * 37, "jobs", "select", "LOGS")

    for _ in range(2):
        Store(replace(database, tables=names)).close()

    tables = in_sql(lambda connection: set(inspect(connection).get_table_names()))
    assert {names.executions, "jobs", "select", "LOGS"} < tables
