"""Statements that run for every execution, made once: building one costs more than running it."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import Insert, Select, Table, bindparam, insert, select


@lru_cache
def insertion(table: Table) -> Insert:
    """Insert rows given as dictionaries of all columns."""
    return insert(table)


@lru_cache
def by_id(table: Table) -> Select[Any]:
    """The row with the id bound to ``key``."""
    return select(table).where(table.c.id == bindparam("key"))


@lru_cache
def by_id_for_change(table: Table) -> Select[Any]:
    """The same, and nobody else may change it before this transaction ends."""
    return by_id(table).with_for_update()


def portions(ids: Iterable[str]) -> Iterator[list[str]]:
    """So many at a time as one statement may hold."""
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        yield wanted[start : start + 500]
