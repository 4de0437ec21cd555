"""Folders of files that hold a job each: reading all of them, and writing those that differ."""

import json
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any, Final, NoReturn

from botsched.domain.printable import printable
from botsched.errors import SettingsError
from botsched.moving.files.content import Form, text_of
from botsched.moving.files.replacing import replace

_SUFFIXES: Final = frozenset(f".{form}" for form in Form)
_GENERATED: Final = re.compile(r"[0-9a-f]{32}|crontab:.+:[0-9a-f]{12}(?:\.\d+)?")
"""Ids that nobody chose: of jobs that are added, and of lines of crontabs."""

_TOO_LONG: Final = re.compile(r"^Exceeds the limit .* value has (\d+) digits")
"""What Python says of such a number, with a cure that is for programs."""

_LONGEST_STEM: Final = 80


@dataclass(frozen=True, slots=True)
class JobFile:
    """A file and what it says, as JSON values."""

    path: Path
    members: dict[str, Any]


def find_files(paths: Iterable[Path]) -> list[Path]:
    """These files, and all ``*.toml`` and ``*.json`` in these folders, but for hidden ones.

    Raises SettingsError for paths that are not there, and folders without such a file.
    """
    found: list[Path] = []
    faults = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if _is_meant(each, path))
            found += inside
            if not inside:
                told = printable(str(path))
                faults.append(f"{told} holds no file of a job: no *.toml and no *.json.")
        elif path.is_file():
            found.append(path)
        else:
            faults.append(f"{printable(str(path))}: there is no such file or folder.")
    if faults:
        raise SettingsError(*faults)
    return list(dict.fromkeys(found))


def _is_meant(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.suffix in _SUFFIXES and path.is_file() and not hidden


def read_files(paths: Iterable[Path]) -> list[JobFile]:
    """What these files say. Raises SettingsError for all that cannot be read, at once."""
    files, faults = [], []
    for path in paths:
        try:
            files.append(JobFile(path, _read(path)))
        except OSError as error:
            faults.append(f"{printable(str(path))} cannot be read: {error.strerror}.")
        except UnicodeDecodeError as error:
            faults.append(f"{printable(str(path))} is not UTF-8, from byte {error.start} on.")
        except RecursionError:
            faults.append(f"{printable(str(path))} is nested too deeply.")
        except ValueError as error:
            faults.append(f"{printable(str(path))} is not understood: {_words(error)}.")
    if faults:
        raise SettingsError(*faults)
    return files


def _words(error: ValueError) -> str:
    digits = _TOO_LONG.search(str(error))
    return f"a number of {digits[1]} digits is too long" if digits else str(error)


def _read(path: Path) -> dict[str, Any]:
    text = path.read_bytes().decode()
    if path.suffix == ".toml":
        members: dict[str, Any] = _plain(tomllib.loads(text))
        return members
    read = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    if not isinstance(read, dict):
        raise ValueError("it does not hold an object")  # noqa: TRY004  told as the others are
    return read


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(members)
    if len(read) < len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r:.80} is there twice in one object")
    return read


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _plain(value: Any) -> Any:
    """TOML's own times as the texts that JSON has instead."""
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case datetime() | date() | time():
            return value.isoformat()
        case float() if not math.isfinite(value):
            _refuse(str(value))
        case _:
            return value


def set_name(paths: Sequence[Path]) -> str | None:
    """The name of the folder in which all of these are, or that all of them are; else None."""
    folders = {path.resolve() if path.is_dir() else path.resolve().parent for path in paths}
    return folders.pop().name or None if len(folders) == 1 else None


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a folder: which files were made, and changed; which were right already.

    ``others`` state jobs that are not among those that were to be written; they stay.
    """

    made: tuple[Path, ...]
    changed: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    others: tuple[Path, ...]


def write_files(folder: Path, jobs: Sequence[Mapping[str, Any]], form: Form) -> Written:
    """Write a file for each of these jobs; one that is there already keeps its name.

    Raises SettingsError when the folder cannot be written, or holds files that cannot be read.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = read_files(sorted(each for each in folder.rglob("*") if _is_meant(each, folder)))
        return _write(folder, jobs, form, present)
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written: {error.strerror}.") from error


def _write(
    folder: Path, jobs: Sequence[Mapping[str, Any]], form: Form, present: Sequence[JobFile]
) -> Written:
    files = {str(file.members.get("job_id")): file for file in present}
    names = _Names({file.path for file in present})
    made: list[Path] = []
    changed: list[Path] = []
    unchanged: list[Path] = []
    for job in jobs:
        file = files.pop(job["job_id"], None)
        if file is None:
            path = names.free(folder, job, _form(job, form))
            replace(path, text_of(job, Form(path.suffix[1:])).encode())
            made.append(path)
        elif _is_same(file.members, job):
            unchanged.append(file.path)
        else:
            replace(file.path, _text_for(file.path, job).encode())
            changed.append(file.path)
    others = tuple(file.path for file in files.values())
    return Written(tuple(made), tuple(changed), tuple(unchanged), others)


def _is_same(members: Mapping[str, Any], job: Mapping[str, Any]) -> bool:
    """Whether both say the same, in whatever layout; 1 is neither 1.0 nor true."""
    one, other = (json.dumps(each, sort_keys=True) for each in (members, job))
    return one == other


def _text_for(path: Path, job: Mapping[str, Any]) -> str:
    """The text of a file in its form. Raises SettingsError where that cannot say it."""
    try:
        return text_of(job, Form(path.suffix[1:]))
    except ValueError:
        raise SettingsError(
            f"{path}: TOML cannot say null, which is among the arguments of the job now; remove "
            "the file, and it is written as JSON."
        ) from None


def file_name(job: Mapping[str, Any], form: Form) -> str:
    """The usual name of the file of a job: after its id, or its name if the id was made."""
    return next(_stems(job)) + f".{_form(job, form)}"


def _form(job: Mapping[str, Any], wanted: Form) -> Form:
    """JSON where TOML cannot say it: null among arguments."""
    if wanted is Form.TOML:
        try:
            text_of(job, Form.TOML)
        except ValueError:
            return Form.JSON
    return wanted


class _Names:
    """Names of files that are still free."""

    def __init__(self, taken: set[Path]) -> None:
        self._taken = {str(path).lower() for path in taken}

    def free(self, folder: Path, job: Mapping[str, Any], form: Form) -> Path:
        paths = (folder / f"{stem}.{form}" for stem in _stems(job))
        path = next(each for each in paths if self._is_free(each))
        self._taken.add(str(path).lower())
        return path

    def _is_free(self, path: Path) -> bool:
        return str(path).lower() not in self._taken and not path.exists()


def _stems(job: Mapping[str, Any]) -> Iterator[str]:
    job_id, slug = job["job_id"], _slug(job["name"])
    if _GENERATED.fullmatch(job_id) and slug:
        yield slug
        yield f"{slug}-{job_id[-8:]}"
    yield job_id
    yield from (f"{job_id}-{number}" for number in count(2))


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_STEM].rstrip("-")
