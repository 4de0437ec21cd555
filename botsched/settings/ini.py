"""Reading INI files whose faults name the file and the line, and never show what stands there."""

import configparser
import re
import stat
from collections.abc import Iterable, Mapping
from configparser import ConfigParser
from pathlib import Path
from typing import Any

from botsched.errors import SettingsError
from botsched.settings.kinds import Kind, integer

_LISTED = re.compile(r"(?:\"[^\"\n]*\"|[^,;\n])+")
_PORT = integer("PORT", 1, 65_535)


def read_ini(path: Path, *, keep_case: bool = False) -> ConfigParser:
    """Read a file as UTF-8, with or without a byte order mark; ``%`` has no special meaning.

    Names of fields are the same in either case, unless it is to be kept.
    """
    parser = ConfigParser(interpolation=None)
    if keep_case:
        parser.optionxform = str  # type: ignore[method-assign, assignment]
    try:
        with path.open(encoding="utf-8-sig") as file:
            parser.read_file(file)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not text in UTF-8.") from None
    except configparser.Error as error:
        raise SettingsError(*(f"{path} {fault}" for fault in _faults(error))) from None
    return parser


def _faults(error: configparser.Error) -> list[str]:
    match error:
        case configparser.DuplicateSectionError():
            return [f"line {error.lineno}: the section [{error.section}] is there twice."]
        case configparser.DuplicateOptionError():
            return [f"line {error.lineno}: {error.option} is there twice in [{error.section}]."]
        case configparser.MissingSectionHeaderError():
            return [f"line {error.lineno}: a [section] must come first."]
        case configparser.ParsingError():
            return [
                f"line {number}: neither [section] nor name = value." for number, _ in error.errors
            ]
        case _:
            return ["is not a valid INI file."]


def is_public(path: Path) -> bool:
    """Whether everybody on this machine may read or change the file."""
    return bool(path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH))


def require_private(path: Path) -> None:
    """Raise SettingsError when everybody on this machine may read or change the file."""
    if is_public(path):
        raise SettingsError(f"{path}: everybody on this machine may read it; run chmod 600 {path}")


def listed(text: str) -> list[str]:
    """What stands between commas, semicolons or line ends; those between quotes part nothing."""
    return [part.strip() for part in _LISTED.findall(text) if part.strip()]


class Section:
    """One section's fields; empty ones count as absent. Faults name ``source`` and section."""

    def __init__(self, source: Path | str, name: str, fields: Mapping[str, str]) -> None:
        self._where = f"{source} [{name}]"
        self._fields = {key: value.strip() for key, value in fields.items() if value.strip()}
        self.name = name

    def get(self, field: str) -> str | None:
        """Return a field's text, or None."""
        return self._fields.get(field)

    def items(self) -> Iterable[tuple[str, str]]:
        """All fields with their texts."""
        return self._fields.items()

    def fault(self, sentence: str) -> SettingsError:
        """Return the error that says this of the section."""
        return SettingsError(f"{self._where}: {sentence}")

    def require(self, field: str) -> str:
        """Return a field that must be there."""
        if field not in self._fields:
            raise self.fault(f"{field} is missing.")
        return self._fields[field]

    def value(self, field: str, kind: Kind) -> Any:
        """Return a field's value as its kind has it, None when it is absent."""
        text = self.get(field)
        if text is None:
            return None
        try:
            return kind.parse(text)
        except ValueError:
            raise self.fault(f"{field} {text!r}: {kind.accepts} is accepted.") from None

    def port(self, field: str) -> int | None:
        """Return a port's number, None when it is absent."""
        port: int | None = self.value(field, _PORT)
        return port

    def check_known(self, known: tuple[str, ...]) -> None:
        """Refuse fields that nobody reads: most are misspelt."""
        unknown = ", ".join(sorted(set(self._fields) - set(known)))
        if unknown:
            raise self.fault(f"unknown field {unknown}; known are {', '.join(known)}.")


def open_section(path: Path, parser: ConfigParser, name: str) -> Section:
    """Return a section; when it is absent, the error lists those that are there."""
    if not parser.has_section(name):
        there = ", ".join(map(repr, parser.sections())) or "none"
        raise SettingsError(f"{path}: there is no profile {name!r}; profiles there: {there}.")
    return Section(path, name, parser[name])
