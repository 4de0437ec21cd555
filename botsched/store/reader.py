"""A database as an onlooker sees it: read only, beside the server that works on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeVar

from botsched.errors import RevisionError, StoreUnavailableError
from botsched.settings.model import DatabaseSettings
from botsched.store.engine import open_engines
from botsched.store.errors import mapped_errors
from botsched.store.revisions import Upgrade, examine
from botsched.store.schema import REVISION, Schema
from botsched.store.session import Session

T = TypeVar("T")


class Reader:
    """Takes no lock and changes nothing."""

    def __init__(self, settings: DatabaseSettings) -> None:
        """Nothing is opened yet.

        Raises StartError when the driver is missing, StoreUnavailableError when there is no file.
        """
        if settings.path is not None and not settings.path.exists():
            raise StoreUnavailableError(
                f"There is no database {settings.path}. Name its folder or profile as for the "
                "server, or start the server once to make it."
            )
        self._schema = Schema(settings.tables)
        self._engines = open_engines(settings, readers=1)
        self.name = self._engines.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engines.dispose()

    def examine(self) -> Upgrade:
        """What the next start of a server would change. Raises what that would raise."""
        with mapped_errors(self.name), self._engines.reading.connect() as connection:
            return examine(connection, self._schema, self.name)

    def require_present_revision(self) -> None:
        """Raise RevisionError for a database that is to be upgraded first.

        StartError for one that was made with other table names.
        """
        upgrade = self.examine()
        if upgrade.revision is None:
            raise RevisionError(
                f"The database {self.name} has no tables yet: the first start of the server makes "
                "them."
            )
        if upgrade:
            lacks = f"is of schema revision {upgrade.revision}, and {REVISION} is needed"
            if upgrade.revision == REVISION:
                lacks = f"is not complete ({'; '.join(upgrade.in_words())})"
            raise RevisionError(
                f"The database {self.name} {lacks}: the next start of the server does that, or "
                '"bots-scheduler upgrade".'
            )

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """The database as it is at one moment, whatever is written meanwhile."""
        with mapped_errors(self.name), self._engines.reading.connect() as connection:
            if self._engines.is_file:
                connection.exec_driver_sql("BEGIN")
            else:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield Session(connection, self._schema)

    def read(self, operation: Callable[[Session], T]) -> T:
        """What the operation returns."""
        with mapped_errors(self.name), self._engines.reading.connect() as connection:
            return operation(Session(connection, self._schema))


@contextmanager
def reader_if_made(settings: DatabaseSettings) -> Iterator[Reader | None]:
    """A reader; None where the first start of a server has not made the database yet.

    Raises what ``require_present_revision`` does.
    """
    if settings.path is not None and not settings.path.exists():
        yield None
        return
    with Reader(settings) as reader:
        if reader.examine().revision is None:
            yield None
        else:
            reader.require_present_revision()
            yield reader
