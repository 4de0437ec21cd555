"""Column types that read back exactly what was written, on every database."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeDecorator, TypeEngine

from botsched.domain import rules
from botsched.domain.job import JobPolicy
from botsched.domain.schedule import Schedule, schedule_from_data

# Whatever the database's own character set is. Sorted by code point, and equal only when the same,
# on every database; an index then outlasts an upgrade of the system's rules of sorting.
_MYSQL = {"charset": "utf8mb4", "collation": "utf8mb4_bin"}

LONG_TEXT = Text().with_variant(mysql.LONGTEXT(**_MYSQL), "mysql", "mariadb")
"""Text of any length; plain TEXT ends at 64 KiB in MySQL."""


def text(length: int) -> TypeEngine[str]:
    """Text of at most so many characters."""
    return (
        String(length)
        .with_variant(String(length, collation="C"), "postgresql")
        .with_variant(mysql.VARCHAR(length, **_MYSQL), "mysql", "mariadb")
    )


# Without the checks around it that ``json.loads`` makes: the text was written here.
_decode = json.JSONDecoder().raw_decode


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC with microseconds, in a form that sorts and can be read."""

    impl = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        """One plain function a value: lists of thousands of rows are mostly instants."""
        return _from_sqlite if dialect.name == "sqlite" else _from_naive


class Json(TypeDecorator[Any]):
    """A JSON value as text, the same on every database and readable in each; None is NULL."""

    impl = LONG_TEXT
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        return _from_json


class ScheduleJson(Json):
    """A schedule as JSON text. Schedules are frozen, so that equal texts can share one."""

    cache_ok = True

    def process_bind_param(self, value: Schedule | None, dialect: Dialect) -> str | None:
        return None if value is None else super().process_bind_param(value.to_data(), dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        return _schedule


class RulesJson(Json):
    """What a policy says beyond the columns of its own, as JSON text; shared as schedules are."""

    cache_ok = True

    def process_bind_param(self, value: JobPolicy | None, dialect: Dialect) -> str | None:
        data = None if value is None else rules.to_stored(value)
        return super().process_bind_param(data, dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        return _policy


def _from_sqlite(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


def _from_naive(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=UTC)


def _from_json(value: str | None) -> Any:
    return None if value is None else _decode(value)[0]


@lru_cache(maxsize=16384)
def _schedule(value: str | None) -> Schedule | None:
    return None if value is None else schedule_from_data(_decode(value)[0])


@lru_cache(maxsize=16384)
def _policy(value: str | None) -> JobPolicy | None:
    return None if value is None else rules.from_stored(_decode(value)[0])
