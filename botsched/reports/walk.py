"""What is in a report, wherever in it."""

from collections.abc import Iterator
from itertools import count

from botsched.reports.file import File
from botsched.reports.image import Image
from botsched.reports.items import Entry, Item, List, Report, Table


def items_of(report: Report) -> Iterator[Item]:
    """Give all items in the order in which they are read; what holds others comes before them."""
    return _items(report)


def files_of(report: Report) -> tuple[File, ...]:
    """Give the files and the pictures of a report in this order; pictures get numbers for names."""
    numbers = count(1)
    return tuple(
        item if isinstance(item, File) else _picture(item, next(numbers))
        for item in items_of(report)
        if isinstance(item, File) or (isinstance(item, Image) and item.data)
    )


def _items(entry: Entry) -> Iterator[Item]:
    if isinstance(entry, Item):
        yield entry
    match entry:
        case List():
            yield from _items(entry.items)
        case Table():
            for row in (entry.header, *entry.full_rows(), entry.footer):
                yield from _items(row)
        case tuple():
            for part in entry:
                yield from _items(part)


def _picture(image: Image, number: int) -> File:
    kind = image.media_type.removeprefix("image/").partition("+")[0]
    return File(image.data, f"picture-{number}.{kind}", image.media_type)
