"""Reports as plain text, for the text part of mails and for terminals."""

import re
import textwrap
from collections.abc import Iterable

from botsched.reports.clean import clean
from botsched.reports.columns import columns, display_width
from botsched.reports.items import (
    Code,
    Data,
    Entry,
    Image,
    Item,
    List,
    Report,
    Section,
    Subsection,
    Table,
    Text,
    Title,
)

_UNDERLINES = {Title: "=", Section: "-", Subsection: "~"}
_CODE_INDENT = " " * 4
_MIN_WIDTH = 16  # deep nesting leaves at least this much, even beyond the right border


def render_text(report: Report, width: int = 78) -> str:
    """Render lines of at most ``width`` columns, as far as words, code and addresses allow."""
    return "\n".join(_blocks(report, width))


def _blocks(items: Iterable[Item], width: int) -> list[str]:
    lines: list[str] = []
    for item in items:
        if lines:
            lines.append("")
        lines += _item(item, width)
    return lines


def _item(item: Item, width: int) -> list[str]:
    match item:
        case Text():
            return _wrap(item.text.strip("\n"), width)
        case Code() | Data():
            return _code(item if isinstance(item, Code) else item.as_code())
        case Image():
            return _wrap(f"[image: {item.alt or item.media_type}]", width)
        case List():
            return _list(item, width)
        case Table():
            return columns(item, width, _entry)
        case _:
            lines = _wrap(item.text, width)
            longest = max(map(display_width, lines), default=0)
            return [*lines, _UNDERLINES[type(item)] * longest]


def _list(item: List, width: int) -> list[str]:
    lines: list[str] = []
    digits = len(str(len(item.items)))
    for number, entry in enumerate(item.items, 1):
        marker = f"{number:>{digits}}. " if item.ordered else "- "
        indent = " " * len(marker)
        content = _entry(entry, max(width - len(marker), _MIN_WIDTH)) or [""]
        lines.append((marker + content[0]).rstrip())
        lines += [(indent + line).rstrip() for line in content[1:]]
    return lines


def _entry(entry: Entry, width: int) -> list[str]:
    if isinstance(entry, tuple):
        return [line for part in entry for line in _entry(part, width)]
    if isinstance(entry, Item):
        return _item(entry, width)
    return [] if entry is None else _wrap(str(entry), width)


def _code(code: Code) -> list[str]:
    lines = clean(code.text).strip("\n").split("\n")
    return [(_CODE_INDENT + line).rstrip() for line in lines]


def _wrap(text: str, width: int) -> list[str]:
    """Wrap each line by itself; what follows a leading indent or bullet stays under it."""
    lines: list[str] = []
    for line in clean(text).expandtabs(4).split("\n"):
        indent = re.match(r"\s*(?:[-*] )?", line)[0]  # type: ignore[index]
        wrapped = textwrap.wrap(
            line,
            max(width, _MIN_WIDTH),
            subsequent_indent=" " * len(indent) if len(indent) < width // 2 else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += wrapped or [""]
    return lines
