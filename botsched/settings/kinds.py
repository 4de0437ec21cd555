"""Kinds of values that an option takes: how one is read from text, and what is accepted."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

_SWITCH = {"1": True, "true": True, "yes": True, "on": True} | {
    "0": False, "false": False, "no": False, "off": False,
}  # fmt: skip
# Names of indexes, made of it, are at most 63 characters in PostgreSQL.
_TABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,47}")
_CLASS_NAME = re.compile(r"[^\s.]+(\.[^\s.]+)+")
_CLUSTER = re.compile(r"(arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:cluster/)?[A-Za-z0-9_-]{1,255}")
_STARTED_BY = re.compile(r"[A-Za-z0-9_/-]{1,128}")


@dataclass(frozen=True, slots=True)
class Kind:
    """``parse`` turns text into a value and raises ValueError; ``accepts`` says what it takes."""

    metavar: str
    accepts: str
    parse: Callable[[str], object]


def integer(metavar: str, low: int, high: int) -> Kind:
    """Whole numbers from ``low`` to ``high``, both included."""

    def parse(text: str) -> int:
        if not text.isascii() or not low <= int(text) <= high:
            raise ValueError(text)
        return int(text)

    return Kind(metavar, f"a whole number from {low} to {high}", parse)


def one_of(metavar: str, *choices: str) -> Kind:
    """One of a few words."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(text)
        return text

    return Kind(metavar, f"one of {', '.join(choices)}", parse)


def _parse_switch(text: str) -> bool:
    try:
        return _SWITCH[text.lower()]
    except KeyError:
        raise ValueError(text) from None


def _parse_seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 86_400:
        raise ValueError(text)
    return seconds


def _parse_path(text: str) -> Path:
    if "\0" in text or not text:
        raise ValueError(text)
    try:
        return Path(text).expanduser()
    except RuntimeError:  # ~somebody whom nobody knows
        raise ValueError(text) from None


def _parse_name(text: str) -> str:
    if not text.strip():
        raise ValueError(text)
    return text.strip()


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return text

    return parse


def _parse_zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (OSError, LookupError):  # a folder of the zone database, or unknown
        raise ValueError(text) from None


def _parse_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(text)
    if not text.isprintable() or set(text) & set(' "<>'):  # it stands in headers of mails
        raise ValueError(text)
    return text.rstrip("/")


SWITCH = Kind("", "one of 1, true, yes, on, 0, false, no, off", _parse_switch)
SECONDS = Kind("SECONDS", "a number from 0 to 86400", _parse_seconds)
RATE = integer("N", 1, 100_000)
FILE = Kind("FILE", "the path of a file", _parse_path)
FOLDER = Kind("FOLDER", "the path of a folder", _parse_path)
NAME = Kind("NAME", "a name", _parse_name)
TABLE = Kind(
    "TABLE", "up to 48 letters, digits and underscores, no digit first", _matching(_TABLE_NAME)
)
CLASS = Kind("CLASS", "MODULE.CLASS, as jobs.hooks.Hooks", _matching(_CLASS_NAME))
ZONE = Kind(
    "ZONE", "a name of the time zone database (package tzdata), as Europe/Paris", _parse_zone
)
URL = Kind("URL", "an address without blanks that begins with http:// or https://", _parse_url)
CLUSTER = Kind("CLUSTER", "the name or the ARN of a cluster", _matching(_CLUSTER))
STARTED_BY = Kind(
    "NAME", "up to 128 letters, digits, hyphens, underscores and slashes", _matching(_STARTED_BY)
)
