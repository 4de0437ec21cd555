"""The lines of a crontab, as crontab(5) has them: comments, variables, and what is to be run.

Nothing is judged here that cron itself leaves to others: whether times make sense, or users exist.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_FIELDS: Final = 5
_VARIABLE: Final = re.compile(
    r"""(?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | (?P<bare>[^\s="'][^\s=]*) )
        \s* = \s* (?P<value>.*)""",
    re.VERBOSE | re.DOTALL,
)
_QUOTED: Final = re.compile(r"\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'")
_ENCODING_CURE: Final = "Convert the file, as with: iconv -f latin1 -t utf-8."


class Dialect(StrEnum):
    """Whose cron reads the file: Debian's and cronie, that of Red Hat, differ in details."""

    DEBIAN = "debian"
    CRONIE = "cronie"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that runs something.

    ``when`` are five fields, or a word with ``@``. ``user`` is None where lines name none.
    ``stdin`` is what the command reads. ``variables`` are those that were set above, ``comment``
    is what stands right above, line by line.
    """

    number: int
    text: str
    when: str
    command: str
    stdin: str = ""
    user: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    comment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that makes no sense, why, and what would.

    ``spoils``: for such a line, cron leaves out the whole file.
    """

    number: int
    text: str
    why: str
    cure: str
    spoils: bool = False


@dataclass(frozen=True, slots=True)
class Crontab:
    """All lines that mean something; ``oddities`` are sentences about the file as a whole."""

    lines: tuple[Entry | Fault, ...]
    oddities: tuple[str, ...] = ()

    @property
    def entries(self) -> list[Entry]:
        """What is to be run."""
        return [line for line in self.lines if isinstance(line, Entry)]


def parse(content: bytes, dialect: Dialect, *, user_column: bool) -> Crontab:
    """Read a whole crontab; whatever it is, nothing is raised."""
    text = content.decode("utf-8-sig", "surrogateescape")
    lines = tuple(_Reader(dialect, user_column).read(text))
    return Crontab(lines, tuple(_oddities(text, lines)))


def _oddities(text: str, lines: tuple[Entry | Fault, ...]) -> Iterator[str]:
    spoiling = [str(line.number) for line in lines if isinstance(line, Fault) and line.spoils]
    if spoiling:
        which = f"line{'s' if len(spoiling) > 1 else ''} {', '.join(spoiling)}"
        yield f"Cron leaves out the whole file because of {which}: it ran nothing of it lately."
    if "\r\n" in text:
        yield (
            "It has the line ends of Windows. Cron hands the carriage return on to each command; "
            "here it is taken off."
        )
    if text and not text.endswith("\n"):
        yield "Its last line does not end, so that cron left it out; here it counts."


@dataclass(slots=True)
class _Reader:
    """Goes through the lines, and remembers what holds for those to come."""

    dialect: Dialect
    user_column: bool
    variables: dict[str, str] = field(default_factory=dict)
    comment: list[str] = field(default_factory=list)

    def read(self, text: str) -> Iterator[Entry | Fault]:
        for number, line in enumerate(text.split("\n"), 1):
            found = self._line(number, line.removesuffix("\r"))
            if found is not None:
                yield found
            if not line.lstrip().startswith("#"):
                self.comment.clear()

    def _line(self, number: int, line: str) -> Entry | Fault | None:
        stripped = line.lstrip(" \t")
        if stripped.startswith("#"):
            self.comment.append(_shown(stripped.lstrip("#").strip()))
            return None
        if not stripped.strip():
            return None
        if fault := _bytes_fault(stripped):
            return Fault(number, _shown(stripped), *fault)
        if match := _VARIABLE.fullmatch(stripped):
            return self._variable(number, stripped, match)
        return self._entry(number, stripped)

    def _variable(self, number: int, line: str, match: re.Match[str]) -> Fault | None:
        name = next(part for part in match.group("double", "single", "bare") if part is not None)
        value = match["value"].rstrip()
        if value[:1] in {'"', "'"}:
            quoted = _QUOTED.fullmatch(value)
            if quoted is None:
                return Fault(
                    number, line,
                    f"The value of {name!r} begins with a quote and does not end with it.",
                    "Quote the whole value, or nothing of it.", spoils=True,
                )  # fmt: skip
            value = next(part for part in quoted.groups() if part is not None)
        self.variables[name] = value
        return None

    def _entry(self, number: int, line: str) -> Entry | Fault:
        size = 1 if line.startswith("@") else _FIELDS
        words = line.split(None, size)
        if len(words) < size:
            return Fault(
                number, line, "It is neither a variable nor times with a command.",
                "Give five fields and a command, or begin a comment with #.", spoils=True,
            )  # fmt: skip
        rest, user = "".join(words[size:]), None
        if self.user_column:
            user, rest = [*rest.split(None, 1), "", ""][:2]
        command, stdin = split_command(rest, self.dialect)
        if not command.strip():
            return Fault(
                number, line, f"It names no command{' after the user' if user else ''}.",
                "Give one, or take the line out.",
            )  # fmt: skip
        # In front of the minute, a dash keeps the line out of the system's log (SUSE, cronie).
        when = " ".join(words[:size])
        when = when.removeprefix("-") if len(words[0]) > 1 else when
        variables, comment = dict(self.variables), tuple(self.comment)
        return Entry(number, line, when, command, stdin, user, variables, comment)


def split_command(text: str, dialect: Dialect) -> tuple[str, str]:
    r"""The command, and what it reads: that is what stands after the first ``%``.

    Each further ``%`` begins a new line, ``\%`` is a percent sign. Debian's cron also makes one
    backslash of two in the command.
    """
    command, rest, given = [], "", False
    characters = iter(enumerate(text))
    for index, character in characters:
        if character == "%":
            rest, given = text[index + 1 :], True
            break
        if character == "\\":
            _, following = next(characters, (0, ""))
            single = following == "%" or (following == "\\" and dialect is Dialect.DEBIAN)
            command.append(following if single else character + following)
        else:
            command.append(character)
    return "".join(command), _input(rest) if given else ""


def _input(text: str) -> str:
    lines = re.sub(r"(\\?)%", lambda match: "%" if match[1] else "\n", text)
    return lines if not lines or lines.endswith("\n") else f"{lines}\n"


def _bytes_fault(line: str) -> tuple[str, str] | None:
    """Why a line cannot be kept: neither the database nor JSON takes such characters."""
    if "\0" in line:
        return "It holds a null byte.", "Take it out."
    try:
        line.encode()
    except UnicodeEncodeError as error:
        byte = ord(line[error.start]) & 0xFF
        return f"It is not UTF-8: byte 0x{byte:02x} at character {error.start + 1}.", _ENCODING_CURE
    return None


def _shown(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
