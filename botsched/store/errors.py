"""The one border where SQLAlchemy's errors become ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from botsched.errors import StartError, StoreCorruptError, StoreError, StoreUnavailableError

_DAMAGED = ("file is not a database", "database disk image is malformed")

# PyMySQL calls most of what it does not know operational; these may pass. Those from 2000 on tell
# of a connection that was lost.
_MYSQL_PASSING = frozenset(
    {
        *(1021, 1030, 1037, 1038, 1041, 1114),  # no space, no memory
        *(1040, 1042, 1043, 1129, 1130, 1203, 1226),  # too many connections, host not let in
        *(1044, 1045, 1049, 1698),  # login, database
        *(1047, 1053, 1077, 1078, 1079, 1080, 1290, 1836),  # not ready, ending, read-only
        *(1152, 1158, 1159, 1160, 1161, 1184, 1927),  # connection cut
        *(1180, 1205, 1206, 1213, 1317, 1969, 3024, 3101),  # commit, locks, interruption
    }
)
_MYSQL_LOGIN = frozenset({1044, 1045, 1698})
_NOT_LET_IN = ("authentication failed", "no password supplied")
_LOGIN_CURE = (
    "See that it runs and lets this machine in, and that the profile names the right user, "
    "password and database."
)
_READ_ONLY = "25006"
_PROGRAM_LIMIT = "54"
_DEADLOCK: Final = frozenset({1213, "40001", "40P01"})


class DuplicateError(StoreError):
    """A row with this key exists already."""


class InUseError(StartError):
    """Another server holds the database."""


class DeadlockError(StoreUnavailableError):
    """The transaction and another one waited for each other, and this one was taken back."""


@contextmanager
def mapped_errors(where: str, cure: str = _LOGIN_CURE) -> Iterator[None]:
    """Turn foreign errors into ours; ``where`` names the database for the message.

    ``cure`` is what helps when a server does not let us in.
    """
    try:
        yield
    except IntegrityError as error:
        raise DuplicateError(f"The database {where} refused a row: {_words(error)}") from error
    except DBAPIError as error:
        raise _mapped(where, error, cure) from error
    except PoolTimeoutError as error:
        raise StoreUnavailableError(
            f"The database {where} does not answer: all connections are in use ({error})."
        ) from error
    except SQLAlchemyError as error:
        raise StoreError(f"The database {where} failed: {error}.") from error


def _mapped(where: str, error: DBAPIError, login_cure: str) -> StoreError:
    words = _words(error)
    if _may_pass(error):
        cure = "See that it runs, has space, and that no other program holds it."
        if error.statement is None and not isinstance(error.orig, sqlite3.Error):
            cure = login_cure
        what = "refuses the login" if _is_refusal(error, words) else "does not answer"
        kind = DeadlockError if _is_deadlock(error) else StoreUnavailableError
        return kind(f"The database {where} {what}: {words}. {cure}")
    if any(text in words for text in _DAMAGED):
        return StoreCorruptError(
            f"The database {where} is damaged or no database ({words}). "
            "Restore a backup, or move the file away to start with an empty one."
        )
    return StoreError(f"The database {where} failed: {words}.")


def _may_pass(error: DBAPIError) -> bool:
    """Whether trying again may help."""
    code = error.orig.args[0] if error.orig and error.orig.args else None
    state = getattr(error.orig, "sqlstate", None) or ""
    if error.connection_invalidated or state == _READ_ONLY:
        return True
    if isinstance(code, int):
        return code == 0 or code in _MYSQL_PASSING or 2000 <= code < 3000
    return isinstance(error, OperationalError) and not state.startswith(_PROGRAM_LIMIT)


def _is_deadlock(error: DBAPIError) -> bool:
    """Whether the server chose this transaction to end, so that another one can go on."""
    code = error.orig.args[0] if error.orig and error.orig.args else None
    return not _DEADLOCK.isdisjoint({code, getattr(error.orig, "sqlstate", None)})


def _is_refusal(error: DBAPIError, words: str) -> bool:
    """Whether the server answered, and did not let us in."""
    code = error.orig.args[0] if error.orig and error.orig.args else None
    # PostgreSQL's driver gives no code for a connection that was not made.
    return code in _MYSQL_LOGIN or any(text in words for text in _NOT_LET_IN)


def _words(error: DBAPIError) -> str:
    """The driver's own words on one line; SQLAlchemy's would repeat the statement and values."""
    arguments = error.orig.args if error.orig else ()
    numbered = len(arguments) > 1 and isinstance(arguments[0], int)
    text = str(arguments[1] if numbered else error.orig)
    return " ".join(text.split()).rstrip(".?")
