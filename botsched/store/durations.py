"""Time between instants, in the words of each database."""

from typing import Any

from sqlalchemy import Double, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class seconds_between(FunctionElement[float]):  # noqa: N801  (reads as a function of the database)
    """The seconds from one instant to another; to some hundredths of a millisecond in SQLite."""

    type = Double()
    inherit_cache = True


class slot_of(FunctionElement[int]):  # noqa: N801
    """Of slots so many seconds wide that begin at an instant, the number of that of another.

    Arguments: the beginning, the instant, which is not earlier, and the width.
    """

    type = Integer()
    inherit_cache = True


@compiles(seconds_between)
def _seconds(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    start, end = _arguments(element, compiler, options)
    return f"EXTRACT(EPOCH FROM ({end} - {start}))"


@compiles(seconds_between, "mysql")
def _seconds_mysql(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    start, end = _arguments(element, compiler, options)
    return f"(TIMESTAMPDIFF(MICROSECOND, {start}, {end}) / 1000000)"


@compiles(seconds_between, "sqlite")
def _seconds_sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    start, end = _arguments(element, compiler, options)
    return f"((julianday({end}) - julianday({start})) * 86400)"


@compiles(slot_of)
def _slot(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    seconds, width = _slot_parts(element, compiler, options)
    return f"FLOOR({seconds} / {width})"


@compiles(slot_of, "sqlite")
def _slot_sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    seconds, width = _slot_parts(element, compiler, options)
    return f"CAST({seconds} / {width} AS INTEGER)"


def _slot_parts(element: Any, compiler: SQLCompiler, options: dict[str, Any]) -> tuple[str, str]:
    start, end, width = element.clauses
    return (
        compiler.process(seconds_between(start, end), **options),
        compiler.process(width, **options),
    )


def _arguments(element: Any, compiler: SQLCompiler, options: dict[str, Any]) -> list[str]:
    return [compiler.process(clause, **options) for clause in element.clauses]
