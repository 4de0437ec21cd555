"""Reports as plain text, for the text part of mails and for terminals."""

import re
import textwrap
from collections.abc import Iterable

from botsched.reports.clean import clean
from botsched.reports.columns import columns, display_width
from botsched.reports.file import File
from botsched.reports.image import Image
from botsched.reports.items import (
    Code,
    Data,
    Entry,
    Item,
    List,
    Report,
    Table,
    Text,
)
from botsched.reports.plots.item import Plot
from botsched.reports.plots.text import plot_lines

_UNDERLINES = {"h1": "=", "h2": "-", "h3": "~"}
_CODE_INDENT = " " * 4
_QUOTE = "> "
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
            return _text(item, width)
        case Code() | Data():
            return _code(item if isinstance(item, Code) else item.as_code())
        case File() | Image():
            return _wrap(_stand_in(item), width)
        case List():
            return _list(item, width)
        case Plot() | Table():
            return _drawn(item, width)
        case _:
            return _heading(item.text, item.tag, width)


def _stand_in(item: File | Image) -> str:
    if isinstance(item, File):
        return f"[file: {item.name}, {len(item.data)} bytes]"
    words = f"[image: {item.alt or item.media_type or 'elsewhere'}] {item.address}"
    return words.rstrip()


def _drawn(item: Plot | Table, width: int) -> list[str]:
    return plot_lines(item, width) if isinstance(item, Plot) else columns(item, width, _entry)


def _text(text: Text, width: int) -> list[str]:
    match text.tag:
        case "pre":
            return _code(Code(text.text))
        case "h1" | "h2" | "h3":
            return _heading(text.text, text.tag, width)
        case "blockquote":
            lines = _wrap(text.text.strip("\n"), width - len(_QUOTE))
            return [(_QUOTE + line).rstrip() for line in lines]
        case "strong" | "em":
            mark = "*" if text.tag == "strong" else "_"
            return _wrap(f"{mark}{text.text.strip()}{mark}", width)
        case _:
            return _wrap(text.text.strip("\n"), width)


def _heading(text: str, tag: str, width: int) -> list[str]:
    lines = _wrap(text, width)
    longest = max(map(display_width, lines), default=0)
    return [*lines, _UNDERLINES[tag] * min(longest, width)]


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
