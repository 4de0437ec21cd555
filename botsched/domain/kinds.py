"""Kinds of values that a rule of a job takes: read from JSON, given as JSON, told in words.

Each says as a JSON Schema what it takes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """``read`` takes a JSON value that is not null, ``data`` gives it back, ``words`` tells it.

    ``read`` raises TypeError saying what is accepted, and ValueError saying what makes no sense.
    """

    read: Callable[[Any], T]
    data: Callable[[T], Any]
    words: Callable[[T], str] = json.dumps
    schema: dict[str, Any] = field(default_factory=dict)


def whole(low: int, high: int) -> Kind[int]:
    """A whole number within these bounds."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError("a whole number or null")
        return _within(value, low, high)

    return Kind(read, int, schema={"type": "integer", "minimum": low, "maximum": high})


def number(low: float, high: float) -> Kind[float]:
    """A number within these bounds."""

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError("a number or null")
        return _within(value, low, high)

    schema = {"type": "number", "minimum": _plain(low), "maximum": _plain(high)}
    return Kind(read, _plain, lambda value: f"{_plain(value)}", schema)


def seconds(low: float, high: float) -> Kind[timedelta]:
    """A duration, as a number of seconds within these bounds."""
    count = number(low, high)
    return Kind(
        lambda value: timedelta(seconds=count.read(value)),
        seconds_of,
        lambda value: f"{seconds_of(value)} s",
        count.schema,
    )


def flag() -> Kind[bool]:
    """True or false."""

    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise TypeError("true, false or null")
        return value

    return Kind(read, bool, schema={"type": "boolean"})


def choice(words: type[E]) -> Kind[E]:
    """One of the values of an enumeration."""

    def read(value: Any) -> E:
        if not isinstance(value, str):
            raise TypeError("a text or null")
        if value not in list(words):
            raise ValueError(f"{value!r:.30} is unknown; give {' or '.join(words)}")
        return words(value)

    return Kind(read, str, str, {"type": "string", "enum": [str(word) for word in words]})


def seconds_of(duration: timedelta) -> float:
    """Whole numbers look whole."""
    return _plain(duration.total_seconds())


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() else value


N = TypeVar("N", int, float)


def _within(value: N, low: float, high: float) -> N:
    if not low <= value <= high:
        raise ValueError(f"{value!r:.30} is out of range; give {low:.15g} to {high:.15g}")
    return value
