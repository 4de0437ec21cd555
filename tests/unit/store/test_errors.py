"""Foreign errors become ours, and show no values."""

import sqlite3

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError, InvalidRequestError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from botsched.errors import StoreCorruptError, StoreError, StoreUnavailableError
from botsched.store.errors import DuplicateError, mapped_errors

SECRET = {"value": "hunter2"}


def of_driver(error: Exception) -> Exception:
    kind = OperationalError if isinstance(error, sqlite3.OperationalError) else DatabaseError
    return kind("INSERT INTO x", SECRET, error)


CASES = [
    (sqlite3.OperationalError("database is locked"), StoreUnavailableError, "database is locked"),
    (sqlite3.OperationalError("disk I/O error"), StoreUnavailableError, "has space"),
    (sqlite3.DatabaseError("file is not a database"), StoreCorruptError, "move the file away"),
    (sqlite3.DatabaseError("database disk image is malformed"), StoreCorruptError, "Restore a"),
    (sqlite3.DatabaseError("something else"), StoreError, "failed: something else."),
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
