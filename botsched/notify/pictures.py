"""Pictures and files of a report in a mail: shown where mail readers can, else attached."""

import re
import struct
from hashlib import sha256
from typing import Final

from botsched.notify.files import MOST_BYTES, File
from botsched.notify.wording import one_line
from botsched.reports import File as ReportFile
from botsched.reports import Image, Item, List, Report, Table, Text
from botsched.reports.items import Entry

WIDEST: Final = 584
"""Pixels; mail readers by Word know no other bound than the width that a picture says."""

_SHOWN: Final = frozenset({"image/png", "image/jpeg", "image/gif"})
_JPEG_FRAMES: Final = re.compile(
    rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(....)", re.DOTALL
)


_MOST_BYTES: Final = MOST_BYTES * 3 // 5
"""Of all pictures that are shown."""


class Pictures:
    """Makes pictures of a report fit for a mail.

    Those that cannot be shown become ``files``, and so do the files of the report.
    """

    def __init__(self) -> None:
        self.files: list[File] = []
        self._seen: set[str] = set()
        self.shown_bytes = 0

    def prepared(self, report: Report) -> Report:
        """The report as the mail shows it."""
        return tuple(self._item(item) for item in report)

    def _item(self, item: Item) -> Item:
        match item:
            case Image() if not item.address:
                return self._image(item)
            case ReportFile():
                name = one_line(item.name) or "file"
                self.files.append(File(name, item.media_type, item.data))
                return Text(f"[File: see {name}]")
            case List(items=items, ordered=ordered):
                return List(self._entries(items), ordered=ordered)
            case Table(rows=rows, header=header, row_headers=heads, footer=footer):
                cells = tuple(map(self._entries, rows))
                return Table(cells, *map(self._entries, (header, heads, footer)))
            case _:
                return item

    def _entries(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        return tuple(map(self._entry, entries))

    def _entry(self, entry: Entry) -> Entry:
        if isinstance(entry, tuple):
            return self._entries(entry)
        return self._item(entry) if isinstance(entry, Item) else entry

    def _image(self, image: Image) -> Item:
        if image.media_type in _SHOWN and self._has_room(image):
            return _bounded(image)
        kind = image.media_type.removeprefix("image/").partition("+")[0]
        file = File(f"picture-{len(self.files) + 1}.{kind}", image.media_type, image.data)
        self.files.append(file)
        words = f", {image.alt}" if image.alt else ""
        return Text(f"[Picture{words}: see the file {file.name}]")

    def _has_room(self, image: Image) -> bool:
        if (key := content_id(image)) in self._seen:
            return True
        if self.shown_bytes + len(image.data) > _MOST_BYTES:
            return False
        self._seen.add(key)
        self.shown_bytes += len(image.data)
        return True


def content_id(image: Image) -> str:
    """By what a picture is known inside a mail; one and the same for equal pictures."""
    return f"{sha256(image.data).hexdigest()[:24]}@bots-scheduler"


def _bounded(image: Image) -> Image:
    said = int(image.width) if image.width.isdigit() else None
    if image.width and said is None:  # a share
        return image
    width = said or width_of(image)
    if width is None or width <= WIDEST:
        return image
    return Image(image.data, image.media_type, image.alt, WIDEST)


def width_of(image: Image) -> int | None:
    """The width that a picture has by itself, None when its bytes do not tell."""
    data = image.data
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        return int.from_bytes(data[16:20], "big")
    if data.startswith((b"GIF87a", b"GIF89a")) and len(data) >= 10:
        return int.from_bytes(data[6:8], "little")
    if data.startswith(b"\xff\xd8") and (frame := _JPEG_FRAMES.search(data)):
        return int(struct.unpack(">HH", frame[1])[1])
    return None
