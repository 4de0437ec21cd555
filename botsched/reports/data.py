"""Reports as JSON values, for storing and for the REST API.

Each item is an object with its kind under ``type``; entries of lists and tables are scalars,
such objects, or arrays of both.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any

from botsched.reports.file import File
from botsched.reports.image import Image, is_remote
from botsched.reports.items import (
    Code,
    Data,
    Entry,
    Item,
    List,
    Report,
    Section,
    Subsection,
    Table,
    Text,
    Title,
)
from botsched.reports.plots.item import Plot, Series

JsonObject = dict[str, Any]


def to_data(report: Report) -> list[JsonObject]:
    """Turn a report into JSON values; the bytes of images become base64."""
    return [_item_to_data(item) for item in report]


def from_data(data: object) -> Report:
    """Read back what ``to_data`` made.

    Raises ``ValueError`` for an unknown type of item or a field that is missing or wrong.
    """
    if not isinstance(data, list):
        raise ValueError(f"A stored report must be an array, not {data!r:.80}")  # noqa: TRY004
    return tuple(_item_from_data(entry) for entry in data)


def with_texts(data: Any, change: Callable[[Any], Any]) -> Any:
    """A stored report with all but the bytes of pictures and files changed."""
    match data:
        case list():
            return [with_texts(entry, change) for entry in data]
        case {"type": "image" | "file", "data": str(content)}:
            return {**change(data), "data": content}
        case {"type": "list" | "table"}:
            return {key: with_texts(entry, change) for key, entry in data.items()}
        case _:
            return change(data)


def _item_to_data(item: Item) -> JsonObject:
    write = _WRITERS.get(type(item), _words_to_data)
    return {"type": type(item).__name__.lower(), **write(item)}


def _words_to_data(words: Any) -> JsonObject:
    return {"text": words.text}


def _text_to_data(text: Text) -> JsonObject:
    return {"text": text.text, **_given({"tag": text.tag if text.tag != "p" else ""})}


def _file_to_data(file: File) -> JsonObject:
    data = b64encode(file.data).decode("ascii")
    return {"name": file.name, "media_type": file.media_type, "data": data}


def _list_to_data(item: List) -> JsonObject:
    return {"ordered": item.ordered, "items": _entry_to_data(item.items)}


def _image_to_data(image: Image) -> JsonObject:
    data = b64encode(image.data).decode("ascii")
    further = {"width": image.width, "height": image.height, "address": image.address}
    return {"media_type": image.media_type, "alt": image.alt, "data": data, **_given(further)}


def _plot_to_data(plot: Plot) -> JsonObject:
    series = [{"name": each.name, "values": list(each.values)} for each in plot.series]
    further = {"title": plot.title, "unit": plot.unit}
    return {"kind": plot.kind, "x": list(plot.x), "series": series, **_given(further)}


def _table_to_data(table: Table) -> JsonObject:
    further = {
        "row_headers": _entry_to_data(table.row_headers),
        "footer": _entry_to_data(table.footer),
    }
    header, rows = _entry_to_data(table.header), _entry_to_data(table.rows)
    return {"header": header, "rows": rows, **_given(further)}


_WRITERS: Mapping[type[Item], Callable[[Any], JsonObject]] = {
    Text: _text_to_data,
    Code: lambda code: {"text": code.text, "language": code.language},
    Data: lambda data: {"value": data.value},
    File: _file_to_data,
    Image: _image_to_data,
    List: _list_to_data,
    Plot: _plot_to_data,
    Table: _table_to_data,
}


def _given(further: JsonObject) -> JsonObject:
    """What most items lack is left out, as it was before there was such a thing."""
    return {key: value for key, value in further.items() if value}


def _entry_to_data(entry: Entry) -> object:
    if isinstance(entry, tuple):
        return [_entry_to_data(part) for part in entry]
    if isinstance(entry, Item):
        return _item_to_data(entry)
    return entry


def _entry_from_data(data: Any) -> Any:
    if isinstance(data, list):
        return [_entry_from_data(part) for part in data]
    return _item_from_data(data) if isinstance(data, dict) else data


def _file(data: JsonObject) -> File:
    return File(b64decode(data["data"], validate=True), data["name"], data["media_type"])


def _list(data: JsonObject) -> List:
    return List(_entry_from_data(data["items"]), ordered=data["ordered"])


def _table(data: JsonObject) -> Table:
    fields = (data["rows"], data["header"], data.get("row_headers"), data.get("footer"))
    return Table(*map(_entry_from_data, fields))


def _image(data: JsonObject) -> Image:
    size = data.get("width"), data.get("height")
    if address := data.get("address"):
        if not is_remote(address):  # nothing that is read back may name a file to be read
            raise TypeError(f"{address!r} is no address of a picture")
        return Image(address, data["alt"], *size)
    content = b64decode(data["data"], validate=True)
    return Image(content, data["media_type"], data["alt"], *size)


def _plot(data: JsonObject) -> Plot:
    series = tuple(Series(each["name"], each["values"]) for each in data["series"])
    return Plot(series, data["x"], data["kind"], data.get("title", ""), data.get("unit", ""))


_READERS: dict[str, Callable[[JsonObject], Item]] = {
    "title": lambda data: Title(data["text"]),
    "section": lambda data: Section(data["text"]),
    "subsection": lambda data: Subsection(data["text"]),
    "text": lambda data: Text(data["text"], data.get("tag", "p")),
    "code": lambda data: Code(data["text"], data["language"]),
    "data": lambda data: Data(data["value"]),
    "file": _file,
    "image": _image,
    "list": _list,
    "plot": _plot,
    "table": _table,
}


def _item_from_data(data: Any) -> Item:
    kind = data.get("type") if isinstance(data, dict) else None
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        known = ", ".join(_READERS)
        raise ValueError(f"Unknown type of report item {kind!r}; known are {known}")
    try:
        return reader(data)
    except KeyError as error:
        raise ValueError(f"Report item {kind!r} lacks the field {error}") from None
    except (TypeError, binascii.Error) as error:
        raise ValueError(f"Report item {kind!r} is malformed: {error}") from None
