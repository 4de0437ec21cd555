"""Statements that run for every execution, made once: building one costs more than running it."""

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
