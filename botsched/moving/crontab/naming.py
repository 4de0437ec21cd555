"""Names and ids for the jobs that come of a crontab."""

import re
from collections import Counter
from hashlib import blake2b
from typing import Final

from botsched.moving.crontab.lines import Entry

_LONGEST: Final = 80
_DIGEST_BYTES: Final = 6
_LINE: Final = re.compile(r"@[a-z]|(?:[-\d*/,~]+\s+){3}")
_NOT_IN_IDS: Final = re.compile(r"[^A-Za-z0-9._-]+")
_PREPARATION: Final = re.compile(
    r"(?:test|\[|cd|sleep|umask|export|set|\.)\s[^;&|]*(?:&&|\|\||;)\s*"
    r"|\(\s*|\{\s*|if\s[^;]*;\s*then\s+"
    r"|\w+=\S*\s+"
    r"|(?:exec|nice(?:\s+-n\s*\S+|\s+-\d+)?|ionice(?:\s+-\S+)*|nohup|time|chronic|env|sudo)\s+(?=[^-|&;<>])"
)
_AFTERMATH: Final = re.compile(r"\s*(?:&?\d?>>?|[;|&]).*$", re.DOTALL)


def name_of(entry: Entry) -> str:
    """What stands in one line above it, or what the command runs in the end."""
    if len(entry.comment) == 1 and _is_prose(entry.comment[0]):
        return _short(entry.comment[0].rstrip(".:"))
    return _short(_essence(entry.command)) or _short(entry.command) or "Command"


def _is_prose(comment: str) -> bool:
    """Whether it tells something: no ruler, no heading of columns, no line put out of use."""
    if not re.search(r"[^\W\d_]{2}", comment) or comment.lower().startswith(("m h ", "min ")):
        return False
    return not _LINE.match(comment)


def _essence(command: str) -> str:
    """A command without what prepares it and what becomes of its output."""
    rest = " ".join(command.split())
    while match := _PREPARATION.match(rest):
        rest = rest[match.end() :]
    rest = _AFTERMATH.sub("", rest).rstrip(" }")
    rest = rest if "(" in rest else rest.rstrip(" )")
    return rest if rest.startswith(("'", '"')) else re.sub(r"^\S*/", "", rest)


def _short(text: str) -> str:
    printable = "".join(each if each.isprintable() else " " for each in text)
    words = " ".join(printable.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


class Labels:
    """Tells apart jobs of the same name, and gives ids that are the same for the same lines."""

    def __init__(self) -> None:
        self._names: Counter[str] = Counter()
        self._ids: Counter[str] = Counter()

    def name(self, wanted: str) -> str:
        """This name; the second one is ``name (2)``."""
        self._names[wanted] += 1
        number = self._names[wanted]
        return wanted if number == 1 else self.name(f"{wanted} ({number})")

    def job_id(self, source: str, entry: Entry, user: str | None) -> str:
        """Made of where the line stands and what it says; not of its number, which changes."""
        parts = (source, user or "", entry.when, entry.command, entry.stdin)
        digest = blake2b("\0".join(parts).encode(), digest_size=_DIGEST_BYTES).hexdigest()
        self._ids[digest] += 1
        number = self._ids[digest]
        place = _NOT_IN_IDS.sub(".", source).strip(".-_")[-80:].lstrip(".-_") or "crontab"
        return f"crontab:{place}:{digest}" + ("" if number == 1 else f".{number}")
