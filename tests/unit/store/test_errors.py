"""Foreign errors become ours, and show no values."""

import sqlite3

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError, InvalidRequestError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from botsched.errors import StoreCorruptError, StoreError, StoreUnavailableError
from botsched.store.errors import DeadlockError, DuplicateError, mapped_errors

SECRET = {"value": "hunter2"}


class ServerError(Exception):
    """What a driver raises; PostgreSQL's has a state, MySQL's begins with a number."""

    def __init__(self, *arguments: object, sqlstate: str | None = None) -> None:
        super().__init__(*arguments)
        self.sqlstate = sqlstate


def of_driver(error: Exception) -> Exception:
    if isinstance(error, ServerError):
        return OperationalError("INSERT INTO x", SECRET, error)
    kind = OperationalError if isinstance(error, sqlite3.OperationalError) else DatabaseError
    return kind("INSERT INTO x", SECRET, error)


CASES = [
    (sqlite3.OperationalError("database is locked"), StoreUnavailableError, "database is locked"),
    (sqlite3.OperationalError("disk I/O error"), StoreUnavailableError, "has space"),
    (sqlite3.DatabaseError("file is not a database"), StoreCorruptError, "move the file away"),
    (sqlite3.DatabaseError("database disk image is malformed"), StoreCorruptError, "Restore a"),
    (sqlite3.DatabaseError("something else"), StoreError, "failed: something else."),
    (
        ServerError("the server\n\tis gone", sqlstate="57P01"),
        StoreUnavailableError,
        "server is gone.",
    ),
    (ServerError("no space", sqlstate="53100"), StoreUnavailableError, "no space"),
    (ServerError("row is too big", sqlstate="54000"), StoreError, "failed: row is too big."),
    (ServerError("standby", sqlstate="25006"), StoreUnavailableError, "standby"),
    (ServerError(2013, "Lost connection"), StoreUnavailableError, "answer: Lost connection."),
    (ServerError(1213, "Deadlock"), DeadlockError, "Deadlock"),
    (ServerError("deadlock detected", sqlstate="40P01"), DeadlockError, "deadlock detected"),
    (ServerError(0, ""), StoreUnavailableError, "does not answer"),
    (ServerError(1045, "Access denied"), StoreUnavailableError, "the login: Access denied."),
    (ServerError("password authentication failed"), StoreUnavailableError, "refuses the login"),
    (ServerError("no password supplied"), StoreUnavailableError, "refuses the login"),
    (ServerError(1153, "packet bigger than"), StoreError, "failed: packet bigger than."),
]


@pytest.mark.parametrize(("error", "kind", "words"), CASES)
def test_what_the_driver_says_becomes_one_of_ours(error, kind, words) -> None:
    with pytest.raises(StoreError) as caught, mapped_errors("the.db"):
        raise of_driver(error)

    assert type(caught.value) is kind
    assert "the.db" in str(caught.value)
    assert words in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "INSERT" not in str(caught.value)


def test_a_connection_that_cannot_be_made_is_told_with_what_the_profile_may_have_wrong() -> None:
    with pytest.raises(StoreUnavailableError, match="right user, password"), mapped_errors("db"):
        raise OperationalError(None, None, ServerError("refused"))


def test_a_pool_that_is_used_up_may_be_tried_again() -> None:
    with pytest.raises(StoreUnavailableError, match=r"the\.db"), mapped_errors("the.db"):
        raise PoolTimeoutError("QueuePool limit")


def test_any_other_error_of_the_library_is_mapped_too() -> None:
    with pytest.raises(StoreError, match="failed: strange"), mapped_errors("the.db"):
        raise InvalidRequestError("strange")


def test_a_row_that_exists_already_is_told_apart() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE x (id INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO x VALUES (1)"))
        with pytest.raises(DuplicateError, match=r"refused a row: UNIQUE"), mapped_errors("the.db"):
            connection.execute(text("INSERT INTO x VALUES (1)"))
    engine.dispose()


def test_an_error_that_is_nobodys_passes_as_it_is() -> None:
    with pytest.raises(KeyError), mapped_errors("the.db"):
        raise KeyError("x")
