"""Report items as frozen values, checked when they are made.

A job author who passes something unusable learns it on the line that did so: ``TypeError`` for a
wrong kind of value, ``ValueError`` for a wrong value, both naming the item.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

MAX_DEPTH = 32  # deeper nesting is a mistake, and would end the renderers' recursion
_MEDIA_TYPE = re.compile(r"image/[a-z0-9][a-z0-9.+-]{0,60}")

Scalar: TypeAlias = str | int | float | bool | None
Entry: TypeAlias = "Scalar | Item | tuple[Entry, ...]"
"""What a list holds and a table's cell shows: a scalar, an item, or several of them."""
Entries: TypeAlias = "Scalar | Item | Iterable[Entries]"
"""What authors may pass for an entry; any iterable becomes a tuple."""


@dataclass(frozen=True, slots=True)
class _Words:
    text: str

    def __post_init__(self) -> None:
        _require(self, "text", self.text)


class Title(_Words):
    """The heading of a report."""

    __slots__ = ()


class Section(_Words):
    """A heading below the title."""

    __slots__ = ()


class Subsection(_Words):
    """A heading below a section."""

    __slots__ = ()


class Text(_Words):
    """Paragraphs, parted by blank lines; single line breaks are kept."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Code:
    """Text shown as it is, in a fixed-width font."""

    text: str
    language: str = ""

    def __post_init__(self) -> None:
        _require(self, "text", self.text)
        _require(self, "language", self.language)


@dataclass(frozen=True, slots=True)
class Data:
    """Any JSON value, shown indented; copied, so that later changes do not alter the report."""

    value: object

    def __post_init__(self) -> None:
        try:
            # NaN and the infinities, which JSON does not have, become texts.
            copy = json.loads(json.dumps(self.value), parse_constant=str)
        except (TypeError, ValueError, RecursionError) as error:
            raise type(error)(f"Data: the value cannot be written as JSON: {error}") from None
        object.__setattr__(self, "value", copy)

    def as_code(self) -> Code:
        """Give the value as indented JSON."""
        return Code(json.dumps(self.value, indent=2, ensure_ascii=False), "json")


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, given as the bytes of its file; ``alt`` stands for it where it cannot be shown."""

    data: bytes
    media_type: str = "image/png"
    alt: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.data, bytes | bytearray | memoryview):
            raise TypeError(
                f"Image: data must be the bytes of a picture, not {_kind(self.data)};"
                " for a file use Path(...).read_bytes()"
            )
        object.__setattr__(self, "data", bytes(self.data))
        if not self.data:
            raise ValueError("Image: data is empty")
        _require(self, "media_type", self.media_type)
        if not _MEDIA_TYPE.fullmatch(self.media_type):
            raise ValueError(f"Image: media_type must be like 'image/png', not {self.media_type!r}")
        _require(self, "alt", self.alt)


@dataclass(frozen=True, slots=True, init=False)
class List:
    """Bullets, or numbers if ``ordered``; entries are strings, numbers, items or lists of them."""

    items: tuple[Entry, ...]
    ordered: bool

    def __init__(self, items: Iterable[Entries], ordered: bool = False) -> None:
        object.__setattr__(self, "items", _entries(items, "List", "items"))
        object.__setattr__(self, "ordered", bool(ordered))
        _require_shallow(self, self.items)


@dataclass(frozen=True, slots=True, init=False)
class Table:
    """Rows of equal length, with a header of that length or none. Cells are as a list's entries."""

    rows: tuple[tuple[Entry, ...], ...]
    header: tuple[Entry, ...]

    def __init__(self, rows: Iterable[Iterable[Entries]], header: Iterable[Entries] = ()) -> None:
        numbered = enumerate(_iterate(rows, "Table", "rows"), 1)
        cells = tuple(_entries(row, "Table", f"row {number}") for number, row in numbered)
        object.__setattr__(self, "rows", cells)
        object.__setattr__(self, "header", _entries(header, "Table", "header"))
        _require_rectangle(self)
        _require_shallow(self, (self.rows, self.header))

    def numeric_columns(self) -> list[bool]:
        """Tell of each column whether it holds nothing but numbers; these stand at the right."""
        return [
            bool(self.rows)
            and all(is_number(row[index]) or row[index] is None for row in self.rows)
            for index in range(len(self.header))
        ]


Item: TypeAlias = Title | Section | Subsection | Text | Code | Data | Image | List | Table
Report: TypeAlias = tuple[Item, ...]


def is_number(entry: Entry) -> bool:
    """Tell numbers from everything else, ``True`` and ``False`` included."""
    return isinstance(entry, int | float) and not isinstance(entry, bool)


def as_report(value: object) -> Report:
    """Make a report of what an author gave.

    Accepts an item, a string (becomes ``Text``), ``None`` (empty), and iterables of all these,
    nested or generated. Raises ``TypeError`` naming whatever else it meets.
    """
    return tuple(_flatten(value))


def _flatten(value: object) -> Iterator[Item]:
    if isinstance(value, Item):
        yield value
    elif isinstance(value, str):
        yield Text(value)
    elif isinstance(value, Iterable) and not isinstance(value, dict | bytes | bytearray):
        for part in value:
            yield from _flatten(part)
    elif value is not None:
        raise TypeError(
            f"A report is made of items and strings, not of {_kind(value)};"
            " use Text(str(...)) or Data(...)"
        )


def _require(item: object, field: str, value: object) -> None:
    if not isinstance(value, str):
        raise TypeError(
            f"{type(item).__name__}: {field} must be a string, not {_kind(value)}; use str(...)"
        )


def _require_rectangle(table: Table) -> None:
    width = len(table.header) or (len(table.rows[0]) if table.rows else 0)
    reference = "the header" if table.header else "row 1"
    for number, row in enumerate(table.rows, 1):
        if len(row) != width:
            raise ValueError(
                f"Table: row {number} has {len(row)} cells, but {reference} has {width}"
            )


def _require_shallow(item: object, entry: Entry) -> None:
    if _depth(entry) > MAX_DEPTH:
        raise ValueError(f"{type(item).__name__}: nested more than {MAX_DEPTH} levels deep")


def _depth(entry: Entry) -> int:
    match entry:
        case List():
            return 1 + _depth(entry.items)
        case Table():
            return 1 + _depth((entry.rows, entry.header))
        case tuple():
            return 1 + max(map(_depth, entry), default=0)
        case _:
            return 0


def _iterate(value: object, item: str, field: str) -> Iterable[object]:
    if isinstance(value, str | bytes | dict | Item) or not isinstance(value, Iterable):
        raise TypeError(f"{item}: {field} must be a list, not {_kind(value)}")
    return value


def _entries(value: object, item: str, field: str, depth: int = 0) -> tuple[Entry, ...]:
    if depth > MAX_DEPTH:
        raise ValueError(f"{item}: {field} is nested more than {MAX_DEPTH} levels deep")
    parts = enumerate(_iterate(value, item, field), 1)
    return tuple(_entry(part, item, f"{field}, entry {number}", depth) for number, part in parts)


def _entry(value: object, item: str, field: str, depth: int) -> Entry:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no such number
    if value is None or isinstance(value, str | int | float | Item):
        return value
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray | dict):
        return _entries(value, item, field, depth + 1)
    raise TypeError(
        f"{item}: {field} must be a string, a number, an item or a list of these,"
        f" not {_kind(value)}; use str(...)"
    )


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__
