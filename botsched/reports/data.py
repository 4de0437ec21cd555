"""Reports as JSON values, for storing and for the REST API.

Each item is an object with its kind under ``type``; entries of lists and tables are scalars,
such objects, or arrays of both.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

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


def _item_to_data(item: Item) -> JsonObject:
    kind = type(item).__name__.lower()
    match item:
        case Code():
            return {"type": kind, "text": item.text, "language": item.language}
        case Data():
            return {"type": kind, "value": item.value}
        case Image():
            return {"type": kind, **_image_to_data(item)}
        case List():
            entries = [_entry_to_data(entry) for entry in item.items]
            return {"type": kind, "ordered": item.ordered, "items": entries}
        case Table():
            return {"type": kind, **_table_to_data(item)}
        case _:
            tag = item.tag if isinstance(item, Text) and item.tag != "p" else ""
            return {"type": kind, "text": item.text, **_given({"tag": tag})}


def _image_to_data(image: Image) -> JsonObject:
    data = b64encode(image.data).decode("ascii")
    further = {"width": image.width, "height": image.height, "address": image.address}
    return {"media_type": image.media_type, "alt": image.alt, "data": data, **_given(further)}


def _table_to_data(table: Table) -> JsonObject:
    further = {
        "row_headers": _entry_to_data(table.row_headers),
        "footer": _entry_to_data(table.footer),
    }
    header, rows = _entry_to_data(table.header), _entry_to_data(table.rows)
    return {"header": header, "rows": rows, **_given(further)}


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


_READERS: dict[str, Callable[[JsonObject], Item]] = {
    "title": lambda data: Title(data["text"]),
    "section": lambda data: Section(data["text"]),
    "subsection": lambda data: Subsection(data["text"]),
    "text": lambda data: Text(data["text"], data.get("tag", "p")),
    "code": lambda data: Code(data["text"], data["language"]),
    "data": lambda data: Data(data["value"]),
    "image": _image,
    "list": _list,
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
