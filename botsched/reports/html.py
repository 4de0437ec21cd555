"""Reports as HTML fragments; every text is escaped here and nowhere else."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from html import escape
from types import MappingProxyType

from botsched.reports.clean import clean
from botsched.reports.file import ANY_TYPE, File
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
    is_number,
)
from botsched.reports.plots.html import render_plot
from botsched.reports.plots.item import Plot

_BLANK_LINES = re.compile(r"\n\s*\n")
_HEADINGS = {"h1": "h2", "h2": "h3", "h3": "h4"}  # h1 is for the page itself
_NO_STYLES: Mapping[str, str] = MappingProxyType({})
_NO_FRAMES: Mapping[str, tuple[str, str]] = MappingProxyType({})


def data_uri(image: Image) -> str:
    """Embed an image in the page itself."""
    return f"data:{image.media_type};base64,{b64encode(image.data).decode('ascii')}"


def render_html(
    report: Report,
    *,
    image_src: Callable[[Image], str] = data_uri,
    styles: Mapping[str, str] = _NO_STYLES,
    frames: Mapping[str, tuple[str, str]] = _NO_FRAMES,
) -> str:
    """Render a fragment for the inside of a page.

    ``image_src`` gives the address of an image (``cid:...`` in a mail). ``styles`` maps names of
    elements to CSS written into each of them, for mail readers that know no style sheets;
    ``frames`` maps them to markup that is put before and behind each.
    """
    renderer = _Renderer(image_src, styles, frames)
    return "\n".join(renderer.item(item) for item in report)


def _escaped(text: str) -> str:
    return escape(clean(text))


class _Renderer:
    def __init__(
        self,
        image_src: Callable[[Image], str],
        styles: Mapping[str, str],
        frames: Mapping[str, tuple[str, str]],
    ) -> None:
        self._image_src = image_src
        self._styles = styles
        self._frames = frames

    def item(self, item: Item) -> str:
        match item:
            case Text():
                return self._text(item)
            case Code() | Data():
                return self._code(item)
            case File() | Image():
                shown = self._image(item) if isinstance(item, Image) else self._file(item)
                return self._element("p", shown)
            case List() | Table():
                return self._list(item) if isinstance(item, List) else self._table(item)
            case Plot():
                return render_plot(item, self._image_src)
            case _:
                return self._element(_HEADINGS[item.tag], _escaped(item.text))

    def _text(self, text: Text) -> str:
        match text.tag:
            case "pre":
                return self._code(Code(text.text))
            case "h1" | "h2" | "h3":
                return self._element(_HEADINGS[text.tag], _escaped(text.text))
            case "blockquote":
                return self._element("blockquote", self._paragraphs(text))
            case _:
                return self._paragraphs(text)

    def _paragraphs(self, text: Text) -> str:
        parts = [_lines(part) for part in _BLANK_LINES.split(clean(text.text).strip("\n"))]
        if text.tag in ("strong", "em"):
            parts = [self._element(text.tag, part) for part in parts]
        return "\n".join(self._element("p", part) for part in parts)

    def _entry(self, entry: Entry) -> str:
        if isinstance(entry, tuple):
            return "".join(f"<div>{self._entry(part)}</div>" for part in entry)
        if isinstance(entry, Item):
            return self.item(entry)
        return "" if entry is None else _lines(clean(str(entry)))

    def _list(self, item: List) -> str:
        entries = (self._element("li", self._entry(entry)) for entry in item.items)
        return self._element("ol" if item.ordered else "ul", "".join(entries))

    def _table(self, table: Table) -> str:
        heads = zip(table.header, table.numeric_columns(), strict=True)
        header = "".join(self._head(cell, is_right) for cell, is_right in heads)
        head = f"<thead><tr>{header}</tr></thead>" if header else ""
        has_heads = bool(table.row_headers)
        body = "".join(self._row(row, has_heads) for row in table.full_rows())
        foot = self._element("tfoot", self._row(table.footer, has_heads)) if table.footer else ""
        return self._element("table", f"{head}<tbody>{body}</tbody>{foot}")

    def _row(self, row: tuple[Entry, ...], has_head: bool) -> str:
        cells = [self._cell("td", cell, is_number(cell)) for cell in row]
        if has_head:
            cells[0] = self._cell("th", row[0], is_number(row[0]), ' scope="row"')
        return f"<tr>{''.join(cells)}</tr>"

    def _head(self, entry: Entry, is_right: bool) -> str:
        """A header; a corner that says nothing is none, for those who have tables read to them."""
        return self._cell("td" if entry in ("", None) else "th", entry, is_right)

    def _cell(self, name: str, entry: Entry, is_right: bool, attributes: str = "") -> str:
        place = ' align="right" nowrap' if is_right else ' align="left"'
        return self._element(name, self._entry(entry), attributes + place)

    def _code(self, item: Code | Data) -> str:
        code = item if isinstance(item, Code) else item.as_code()
        attribute = f' class="language-{_escaped(code.language)}"' if code.language else ""
        return self._element("pre", f"<code{attribute}>{_escaped(code.text)}</code>")

    def _image(self, image: Image) -> str:
        if image.address:
            link = f' href="{escape(image.address)}" rel="noopener noreferrer"'
            return self._element("a", _escaped(image.alt or image.address), link)
        sizes = {"width": image.width, "height": image.height}
        size = "".join(f' {name}="{value}"' for name, value in sizes.items() if value)
        attributes = f'alt="{_escaped(image.alt)}"{size}{self._style("img")}'
        return f'<img src="{escape(self._image_src(image))}" {attributes}>'

    def _file(self, file: File) -> str:
        address = f"data:{ANY_TYPE};base64,{b64encode(file.data).decode('ascii')}"
        attributes = f' href="{address}" download="{_escaped(file.name)}"'
        link = self._element("a", _escaped(file.name), attributes)
        return f"{link} ({len(file.data)} bytes)"

    def _element(self, name: str, content: str, attributes: str = "") -> str:
        before, behind = self._frames.get(name, ("", ""))
        return f"{before}<{name}{attributes}{self._style(name)}>{content}</{name}>{behind}"

    def _style(self, name: str) -> str:
        style = self._styles.get(name)
        return f' style="{escape(style)}"' if style else ""


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")
