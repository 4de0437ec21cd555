"""The one border where SQLAlchemy's errors become ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from botsched.errors import StoreCorruptError, StoreError, StoreUnavailableError

_DAMAGED = ("file is not a database", "database disk image is malformed")


class DuplicateError(StoreError):
    """A row with this key exists already."""


@contextmanager
def mapped_errors(where: str) -> Iterator[None]:
    """Turn foreign errors into ours; ``where`` names the database for the message."""
    try:
        yield
    except IntegrityError as error:
        raise DuplicateError(f"The database {where} refused a row: {error.orig}") from error
    except (OperationalError, PoolTimeoutError) as error:
        raise StoreUnavailableError(
            f"The database {where} does not answer: {_words(error)}. "
            "See that it runs, has space, and that no other program holds it."
        ) from error
    except DatabaseError as error:
        if any(text in str(error.orig) for text in _DAMAGED):
            raise StoreCorruptError(
                f"The database {where} is damaged or no database ({error.orig}). "
                "Restore a backup, or move the file away to start with an empty one."
            ) from error
        raise StoreError(f"The database {where} failed: {_words(error)}.") from error
    except SQLAlchemyError as error:
        raise StoreError(f"The database {where} failed: {_words(error)}.") from error


def _words(error: SQLAlchemyError) -> str:
    """The driver's own words; SQLAlchemy's would repeat the statement and its values."""
    return str(error.orig) if isinstance(error, DBAPIError) else str(error)
