"""Keyset paging: the next page begins behind the last row of this one, whatever was added since."""

import base64
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, literal, or_, tuple_

from botsched.domain.paging import Page, Paging
from botsched.errors import InvalidError
from botsched.store.types import Instant

T = TypeVar("T")
Rows = list[Row[Any]]
Place = list[Any]
"""Where a row stands in the order: its values of the columns that make the order."""

SEARCH_SECONDS: Final = 0.02
"""How long a page is searched for; what is not found by then is for the next page."""

STRETCH: Final = 1000
"""Rows that are searched at a time."""


@dataclass(frozen=True, slots=True)
class Order:
    """Columns that are unique together, the way in which a list is sorted; the last is its id.

    ``name`` tells it from other orders of the same list.
    """

    columns: Sequence[ColumnElement[Any]]
    descending: bool = False
    name: str = ""


def fetch_page(
    connection: Connection,
    query: Select[Any],
    order: Order,
    paging: Paging,
    build: Callable[[Row[Any]], T],
    *,
    begin: Any = None,
    end: Any = None,
    either: Sequence[ColumnElement[bool]] = (),
    sought: ColumnElement[bool] | None = None,
) -> Page[T]:
    """The page of ``query`` in this order.

    ``begin`` and ``end``: from where to where, as values of the first column of the order.
    ``either``: of rows for which one of these conditions holds, each of which has an index in this
    order. ``sought``: of rows for which this holds, which no index knows; a page may then have
    fewer rows than wanted, or none, and be followed by another.

    Raises InvalidError for a cursor that did not come from here.
    """
    walk = _Walk(connection, order)
    place = None if paging.cursor is None else walk.decode(paging.cursor)
    # One bound only: given both, SQLite may come from the farther one.
    if begin is not None and (place is None or walk.follows(begin, place)):
        query = walk.beginning_at(query, begin)
    elif place is not None:
        query = walk.behind(query, place)
    if paging.limit is None or sought is not None:
        query = query.where(or_(*either)) if either else query
    if paging.limit is None or sought is None:
        query = walk.ending_at(query, end)
    if paging.limit is None:
        query = query if sought is None else query.where(sought)
        return Page([build(row) for row in walk.rows(query)])
    if sought is None:
        rows, last = walk.first(query, either, paging.limit, paging.offset)
    else:
        rows, last = walk.search(query, end, sought, paging.limit)
    return Page([build(row) for row in rows], None if last is None else walk.encode(last))


class _Walk:
    """The ways of getting at rows in their order; each tells where the next page begins."""

    def __init__(self, connection: Connection, order: Order) -> None:
        self._connection = connection
        self._columns = order.columns
        self._descending = order.descending
        key = order.columns[-1]
        assert isinstance(key, Column)
        self._name = f"{key.table.name}{order.name and ' '}{order.name}"

    def rows(self, query: Select[Any], limit: int | None = None, offset: int = 0) -> Rows:
        """The rows of a query, in order."""
        ordered = self._ordered(query).limit(limit)
        return list(self._connection.execute(ordered.offset(offset) if offset else ordered))

    def first(
        self,
        query: Select[Any],
        either: Sequence[ColumnElement[bool]],
        limit: int,
        offset: int = 0,
    ) -> tuple[Rows, Place | None]:
        """The first rows behind the offset; with several conditions, merged from those of each."""
        if len(either) < 2:
            return self._cut(self.rows(query.where(*either), limit + 1, offset), limit)
        rows = [row for each in either for row in self.rows(query.where(each), offset + limit + 1)]
        rows.sort(key=self._place, reverse=self._descending)
        return self._cut(rows[offset:], limit)

    def search(
        self, query: Select[Any], end: Any, sought: ColumnElement[bool], limit: int
    ) -> tuple[Rows, Place | None]:
        """The first rows for which a condition holds, as far as they are found in time.

        A stretch that ends before the list does is bounded by its own end only: given both bounds,
        SQLite may go on to the farther one.
        """
        deadline = time.monotonic() + SEARCH_SECONDS
        found: Rows = []
        rest = query
        while True:
            whole = self.ending_at(rest, end)
            last = self._connection.execute(
                self._ordered(whole.with_only_columns(*self._columns)).offset(STRETCH - 1).limit(1)
            ).first()
            stretch = whole if last is None else self._until(rest, list(last))
            found += self.rows(stretch.where(sought), limit + 1 - len(found))
            if last is None or len(found) > limit:
                return self._cut(found, limit)
            if time.monotonic() > deadline:
                return found, list(last)
            rest = self.behind(query, list(last))

    def follows(self, begin: Any, place: Place) -> bool:
        """Whether the beginning of a list comes later in the order than a place."""
        later: bool = begin < place[0] if self._descending else begin > place[0]
        return later

    def beginning_at(self, query: Select[Any], begin: Any) -> Select[Any]:
        """The rows from the beginning of a list."""
        column = self._columns[0]
        return query.where(column <= begin if self._descending else column >= begin)

    def ending_at(self, query: Select[Any], end: Any) -> Select[Any]:
        """The rows up to the end of a list, if it has one."""
        if end is None:
            return query
        column = self._columns[0]
        return query.where(column >= end if self._descending else column <= end)

    def behind(self, query: Select[Any], place: Place) -> Select[Any]:
        """The rows that follow a place."""
        here, there = tuple_(*self._columns), tuple_(*self._literals(place))
        query = query.where(here < there if self._descending else here > there)
        return self._by_first(query, place, forward=True)

    def _until(self, query: Select[Any], place: Place) -> Select[Any]:
        """The rows up to a place, and the one there."""
        here, there = tuple_(*self._columns), tuple_(*self._literals(place))
        query = query.where(here >= there if self._descending else here <= there)
        return self._by_first(query, place, forward=False)

    def _by_first(self, query: Select[Any], place: Place, *, forward: bool) -> Select[Any]:
        """MySQL finds a place in an index by one column only."""
        if self._connection.dialect.name != "mysql":
            return query
        column, value = self._columns[0], self._literals(place)[0]
        return query.where(column >= value if forward != self._descending else column <= value)

    def _ordered(self, query: Select[Any]) -> Select[Any]:
        down = self._descending
        return query.order_by(*(column.desc() if down else column for column in self._columns))

    def _cut(self, rows: Rows, limit: int) -> tuple[Rows, Place | None]:
        """At most so many, and the place of the last one when there are more."""
        return (rows, None) if len(rows) <= limit else (rows[:limit], self._place(rows[limit - 1]))

    def _place(self, row: Row[Any]) -> Place:
        return [row._mapping[column] for column in self._columns]  # noqa: SLF001  (SQLAlchemy's public name)

    def _literals(self, place: Place) -> list[Any]:
        pairs = zip(self._columns, place, strict=True)
        return [literal(value, column.type) for column, value in pairs]

    def encode(self, place: Place) -> str:
        """A cursor holds the name of its list, so that no other list takes it for its own."""
        plain = [value.isoformat() if isinstance(value, datetime) else value for value in place]
        text = json.dumps([self._name, *plain])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def decode(self, cursor: str) -> Place:
        """Raises InvalidError."""
        try:
            values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if not isinstance(values, list) or values.pop(0) != self._name:
                raise TypeError
            return [_value(*pair) for pair in zip(self._columns, values, strict=True)]
        except (ValueError, TypeError, IndexError, OverflowError, RecursionError):
            raise InvalidError(
                {"cursor": f"{cursor[:50]!r} was not given by this list; begin without one"}
            ) from None


def _value(column: ColumnElement[Any], value: str) -> Any:
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value).astimezone(UTC)
    return str(value)
