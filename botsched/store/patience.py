"""No wait for ever for a database server that says nothing.

The system's own limits do not help where a server is frozen, or lives behind a proxy: what was
sent is still confirmed as received.
"""

import time
from collections.abc import Callable, Generator
from typing import Any, TypeVar

from sqlalchemy import Engine, event

T = TypeVar("T")
_Waiting = Generator[Any, Any, T]

_PING_SECONDS = 3.0
"""How long the server may take to say that it is there, before each use of a connection."""


def answer_within(engine: Engine, seconds: float) -> None:
    """Let no single answer of the server take longer; the connection is closed then.

    MySQL's driver does so by itself, but not for what has to be answered sooner.
    """
    if engine.dialect.name == "postgresql":
        _bound_postgresql(engine, seconds)
        _bound_pings(engine, "patience")
    else:
        _bound_mysql_greetings(engine)
        _bound_pings(engine, "_read_timeout")


def _bound_postgresql(engine: Engine, seconds: float) -> None:
    from psycopg import Connection, OperationalError  # noqa: PLC0415  (only there for PostgreSQL)

    class Impatient(Connection[Any]):
        patience = seconds

        def wait(self, gen: _Waiting[T], *arguments: Any, **options: Any) -> T:
            return super().wait(_bounded(gen, self.patience, self._give_up), *arguments, **options)

        def _give_up(self) -> None:
            self.pgconn.finish()
            raise OperationalError(f"no answer within {self.patience:g} s")

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, positional: Any, named: Any) -> Impatient:
        return Impatient.connect(*positional, **named)


def _bound_mysql_greetings(engine: Engine) -> None:
    """Let the server greet a new connection as soon as it has to accept it."""
    driver: Any = engine.dialect.loaded_dbapi

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, positional: Any, named: Any) -> Any:
        usual = named["read_timeout"]
        hasty = named | {"read_timeout": named["connect_timeout"], "defer_connect": True}
        connection = driver.Connection(*positional, **hasty)
        connection.connect()
        connection._read_timeout = usual  # noqa: SLF001  (it cannot be changed otherwise)
        return connection


def _bound_pings(engine: Engine, limit: str) -> None:
    """Bound the looks by the attribute that holds the limit of the driver's connection."""
    ping = engine.dialect.do_ping

    def brief(connection: Any) -> bool:
        usual = getattr(connection, limit)
        setattr(connection, limit, _PING_SECONDS)
        try:
            return ping(connection)
        finally:
            setattr(connection, limit, usual)

    engine.dialect.do_ping = brief  # type: ignore[assignment,method-assign]


def _bounded(steps: _Waiting[T], seconds: float, give_up: Callable[[], None]) -> _Waiting[T]:
    """The same steps; the driver comes by every tenth of a second also when nothing happens."""
    end = time.monotonic() + seconds
    try:
        wanted = next(steps)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > end:
                give_up()
            wanted = steps.send(ready)
    except StopIteration as done:
        result: T = done.value
        return result
