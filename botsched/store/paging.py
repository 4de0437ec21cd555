"""Keyset paging: the next page begins behind the last row of this one, whatever was added since."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Row, Select, literal, tuple_

from botsched.domain.paging import Page, Paging
from botsched.errors import InvalidError
from botsched.store.types import Instant

T = TypeVar("T")


def fetch_page(
    connection: Connection,
    query: Select[Any],
    order: Sequence[Column[Any]],
    paging: Paging,
    build: Callable[[Row[Any]], T],
    *,
    descending: bool = False,
) -> Page[T]:
    """The page of ``query`` ordered by columns that are unique together.

    Raises InvalidError for a cursor that did not come from here.
    """
    name = order[0].table.name
    if paging.cursor is not None:
        last = _decode(paging.cursor, name, order)
        behind, here = tuple_(*last), tuple_(*order)
        query = query.where(here < behind if descending else here > behind)
        if connection.dialect.name == "mysql":  # it finds a place in an index by one column only
            query = query.where(order[0] <= last[0] if descending else order[0] >= last[0])
    query = query.order_by(*(column.desc() if descending else column for column in order))
    if paging.limit is not None:
        query = query.limit(paging.limit + 1)
    rows = connection.execute(query).all()
    if paging.limit is None or len(rows) <= paging.limit:
        return Page([build(row) for row in rows])
    rows = rows[: paging.limit]
    end = [rows[-1]._mapping[column] for column in order]  # noqa: SLF001  (SQLAlchemy's public name)
    return Page([build(row) for row in rows], _encode(name, end))


def _encode(name: str, values: list[Any]) -> str:
    """A cursor holds the name of its list, so that no other list takes it for its own."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    text = json.dumps([name, *plain])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, name: str, order: Sequence[Column[Any]]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or values.pop(0) != name:
            raise TypeError
        return [_bound(column, value) for column, value in zip(order, values, strict=True)]
    except (ValueError, TypeError, IndexError, OverflowError, RecursionError):
        raise InvalidError(
            {"cursor": f"{cursor[:50]!r} was not given by this list; begin without one"}
        ) from None


def _bound(column: Column[Any], value: str) -> Any:
    if isinstance(column.type, Instant):
        return literal(datetime.fromisoformat(value).astimezone(UTC), column.type)
    return literal(str(value), column.type)
