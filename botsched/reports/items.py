"""Report items as frozen values, checked when they are made.

A job author who passes something unusable learns it on the line that did so: ``TypeError`` for a
wrong kind of value, ``ValueError`` for a wrong value, both naming the item.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias

from botsched.reports.checks import kind, require_text
from botsched.reports.file import File
from botsched.reports.image import Image
from botsched.reports.plots.item import Plot
from botsched.reports.styling import styled_elsewhere

MAX_DEPTH = 32  # deeper nesting is a mistake, and would end the renderers' recursion
_TAGS: Final[Mapping[str, str]] = {
    tag: tag for tag in ("p", "h1", "h2", "h3", "pre", "blockquote", "strong", "em")
} | {"h4": "h3", "h5": "h3", "h6": "h3", "code": "pre", "b": "strong", "i": "em"}

Scalar: TypeAlias = str | int | float | bool | None
Entry: TypeAlias = "Scalar | Item | tuple[Entry, ...]"
"""What a list holds and a table's cell shows: a scalar, an item, or several of them."""
Entries: TypeAlias = "Scalar | Item | Iterable[Entries]"
"""What authors may pass for an entry; any iterable becomes a tuple."""


@styled_elsewhere
@dataclass(frozen=True, slots=True)
class _Words:
    text: str

    def __post_init__(self) -> None:
        require_text(self, "text", self.text)


class Title(_Words):
    """The heading of a report."""

    __slots__ = ()
    tag: ClassVar[str] = "h1"


class Section(_Words):
    """A heading below the title."""

    __slots__ = ()
    tag: ClassVar[str] = "h2"


class Subsection(_Words):
    """A heading below a section."""

    __slots__ = ()
    tag: ClassVar[str] = "h3"


@styled_elsewhere
@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs, parted by blank lines; single line breaks are kept.

    ``tag`` is one of ``p h1 h2 h3 pre blockquote strong em``. Others become the one among these
    that looks like them.
    """

    text: str
    tag: str = "p"

    def __post_init__(self) -> None:
        require_text(self, "text", self.text)
        require_text(self, "tag", self.tag)
        object.__setattr__(self, "tag", _TAGS.get(self.tag.lower(), "p"))


@styled_elsewhere
@dataclass(frozen=True, slots=True)
class Code:
    """Text shown as it is, in a fixed-width font."""

    text: str
    language: str = ""

    def __post_init__(self) -> None:
        require_text(self, "text", self.text)
        require_text(self, "language", self.language)


@styled_elsewhere
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


@styled_elsewhere
@dataclass(frozen=True, slots=True, init=False)
class List:
    """Bullets, or numbers if ``ordered``; entries are strings, numbers, items or lists of them."""

    items: tuple[Entry, ...]
    ordered: bool

    def __init__(self, *items: Entries, ordered: bool = False) -> None:
        """Take the entries, or one list of them."""
        entries = items[0] if len(items) == 1 and _is_several(items[0]) else items
        object.__setattr__(self, "items", _entries(entries, "List", "items"))
        object.__setattr__(self, "ordered", bool(ordered))
        _require_shallow(self, self.items)


@styled_elsewhere
@dataclass(frozen=True, slots=True, init=False)
class Table:
    """Rows of equal length, with or without headers of columns and rows, and footers of columns.

    With ``row_headers``, ``header`` and ``footer`` begin with what stands above and below these.
    Cells are as a list's entries.
    """

    rows: tuple[tuple[Entry, ...], ...]
    header: tuple[Entry, ...]
    row_headers: tuple[Entry, ...]
    footer: tuple[Entry, ...]

    def __init__(
        self,
        rows: Iterable[Iterable[Entries]],
        header: Iterable[Entries] | None = None,
        row_headers: Iterable[Entries] | None = None,
        footer: Iterable[Entries] | None = None,
    ) -> None:
        """Take header and footer also without anything in the corners."""
        numbered = enumerate(_iterate(rows, "Table", "rows"), 1)
        cells = tuple(_entries(row, "Table", f"row {number}") for number, row in numbered)
        heads = _optional(row_headers, "row_headers")
        corner = len(cells[0]) if heads and cells else 0
        object.__setattr__(self, "rows", cells)
        object.__setattr__(self, "row_headers", heads)
        for field, given in (("header", header), ("footer", footer)):
            ends = _optional(given, field)
            whole = (None, *ends) if corner and len(ends) == corner else ends
            object.__setattr__(self, field, whole)
        _require_rectangle(self)
        _require_shallow(self, (self.rows, self.header, self.row_headers, self.footer))

    def full_rows(self) -> tuple[tuple[Entry, ...], ...]:
        """Give the rows, each behind its header where there are such."""
        if not self.row_headers:
            return self.rows
        return tuple((head, *row) for head, row in zip(self.row_headers, self.rows, strict=True))

    def numeric_columns(self) -> list[bool]:
        """Tell of each column whether it holds nothing but numbers; these stand at the right."""
        rows = self.full_rows()
        return [
            bool(rows) and all(is_number(row[index]) or row[index] is None for row in rows)
            for index in range(len(self.header))
        ]


Item: TypeAlias = (
    Title | Section | Subsection | Text | Code | Data | File | Image | List | Plot | Table
)
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
            f"A report is made of items and strings, not of {kind(value)};"
            " use Text(str(...)) or Data(...)"
        )


def _require_rectangle(table: Table) -> None:
    if table.row_headers and len(table.row_headers) != len(table.rows):
        raise ValueError(
            f"Table: {len(table.row_headers)} row_headers do not fit {len(table.rows)} rows"
        )
    rows = table.full_rows()
    lines: list[tuple[str, Sequence[Entry]]] = [("the header", table.header)] * bool(table.header)
    lines += [(f"row {number}", row) for number, row in enumerate(rows, 1)]
    lines += [("the footer", table.footer)] * bool(table.footer)
    for name, line in lines:
        reference, first = lines[0]
        if len(line) != len(first):
            raise ValueError(
                f"Table: {name} has {len(line)} cells, but {reference} has {len(first)}"
            )


def _require_shallow(item: object, entry: Entry) -> None:
    if _depth(entry) > MAX_DEPTH:
        raise ValueError(f"{type(item).__name__}: nested more than {MAX_DEPTH} levels deep")


def _depth(entry: Entry) -> int:
    match entry:
        case List():
            return 1 + _depth(entry.items)
        case Table():
            return 1 + _depth((entry.rows, entry.header, entry.row_headers, entry.footer))
        case tuple():
            return 1 + max(map(_depth, entry), default=0)
        case _:
            return 0


def _iterate(value: object, item: str, field: str) -> Iterable[object]:
    if isinstance(value, str | bytes | dict | Item) or not isinstance(value, Iterable):
        raise TypeError(f"{item}: {field} must be a list, not {kind(value)}")
    return value


def _is_several(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray | dict)


def _optional(value: object, field: str) -> tuple[Entry, ...]:
    return () if value is None else _entries(value, "Table", field)


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
    if _is_several(value):
        return _entries(value, item, field, depth + 1)
    raise TypeError(
        f"{item}: {field} must be a string, a number, an item or a list of these,"
        f" not {kind(value)}; use str(...)"
    )
