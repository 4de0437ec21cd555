"""The times of a crontab's line as a schedule of ours takes them."""

import random
import re
from dataclasses import dataclass
from typing import Final

from botsched.errors import InvalidError
from botsched.moving.report import Remark

_MACROS: Final = {"@every_minute": "* * * * *"}
_BOUNDS: Final = {
    "minute": (0, 59),
    "hour": (0, 23),
    "day of month": (1, 31),
    "month": (1, 12),
    "day of week": (0, 7),
}
_SIZES: Final = {"minute": 60, "hour": 24, "day of month": 31, "month": 12, "day of week": 7}
_NAMES: Final = {
    "month": ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    "day of week": ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
}
_SPAN: Final = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d{1,9}))?", re.ASCII)
_DRAWN: Final = re.compile(r"(?P<first>\d{0,9})~(?P<last>\d{0,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class When:
    """Five fields, or a word with ``@``, and what changes in their meaning."""

    crontab: str
    remarks: tuple[Remark, ...] = ()


def read_when(text: str, chance: random.Random) -> When:
    """Put in our words what cron takes and our schedules do not.

    That are steps longer than a field, ``~`` (drawn by ``chance``) and ``@every_minute``. What
    neither knows is left for the schedule to refuse. Raises InvalidError for what cron took and
    never ran, and for ``@reboot``.
    """
    if text.startswith("@"):
        if text == "@reboot":
            raise InvalidError(
                {"crontab": "It names no time: cron runs it when the machine starts"}
            )
        return When(_MACROS.get(text, text))
    remarks: list[Remark] = []
    fields = [
        ",".join(_part(name, part, chance, remarks) for part in field.lower().split(","))
        for name, field in zip(_BOUNDS, text.split(" "), strict=True)
    ]
    return When(" ".join(fields), tuple(dict.fromkeys(remarks)))


def _part(name: str, part: str, chance: random.Random, remarks: list[Remark]) -> str:
    if match := _DRAWN.fullmatch(part):
        return _drawn(name, part, match, chance, remarks)
    match = _SPAN.fullmatch(part)
    if match is None:
        return part
    if match["last"] is not None and _runs_backwards(name, match["first"], match["last"]):
        raise InvalidError(
            {"crontab": f"The {name} {part!r} runs backwards, and cron never runs such a line"}
        )
    size = _SIZES[name]
    if match["step"] is None or int(match["step"]) <= size:
        return part
    remarks.append(
        Remark(
            f"The step of the {name} {part!r} is longer than the field, so that it is due at the "
            "first value alone, with cron as here.",
            "See whether that was meant. An interval, as 90 minutes, is possible here.",
        )
    )
    return f"{part.partition('/')[0]}/{size}"


def _runs_backwards(name: str, first: str, last: str) -> bool:
    one, other = (_number(name, text) for text in (first, last))
    return one is not None and other is not None and one > other


def _number(name: str, text: str) -> int | None:
    if text.isdigit() and len(text) < 10:
        return int(text)
    names = _NAMES.get(name, [])
    return names.index(text) if text in names else None


def _drawn(
    name: str, part: str, match: re.Match[str], chance: random.Random, remarks: list[Remark]
) -> str:
    low, high = _BOUNDS[name]
    first, last = int(match["first"] or low), int(match["last"] or high)
    if not low <= first <= last <= high:
        return part
    remarks.append(
        Remark(
            f"The {name} {part!r} is drawn anew by cron whenever it reads the file; here it is "
            "drawn once, and stays."
        )
    )
    return str(chance.randint(first, last))
