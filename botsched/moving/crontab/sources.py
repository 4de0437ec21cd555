"""Where crontabs are, whose they are, and whether their lines name users."""

import pwd
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from botsched.errors import SettingsError
from botsched.moving.crontab.lines import Dialect, parse

STDIN: Final = "standard input"
_NAMES: Final = {
    Dialect.DEBIAN: re.compile(r"[A-Za-z0-9_-]+"),
    Dialect.CRONIE: re.compile(
        r"(?!.*(?:~|\.rpm(?:save|orig|new)|\.cfsaved|,v)$)[^.#].*", re.DOTALL
    ),
}
_RUN_PARTS: Final = {f"cron.{each}" for each in ("hourly", "daily", "weekly", "monthly", "yearly")}
_VARIABLE: Final = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_]\w*)=(?P<value>.*)", re.ASCII)
_NOT_TAKEN: Final = ("PATH", "LANG", "LC_")
_LARGEST: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """A crontab, ``name`` being its path.

    ``owner`` is whose it is, None where lines name users or nobody knows. ``how`` is said of the
    way it is read, in sentences.
    """

    name: str
    content: bytes
    user_column: bool
    owner: str | None
    how: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the user says of the files; None leaves it to their places and contents."""

    dialect: Dialect
    user_column: bool | None = None
    owner: str | None = None

    def source(self, name: str, content: bytes) -> Source:
        """A crontab of this name, and how it is read."""
        owner = self.owner or _owner(Path(name))
        column, why = self._column(Path(name), content)
        if column:
            return Source(name, content, True, None, f"{name}: a user follows the times, {why}")
        whose = (
            f"It is the crontab of {owner}."
            if owner
            else "Nobody says whose it is: what it runs is run by the user of the server, unless "
            "--user NAME names another one."
        )
        return Source(name, content, False, owner, f"{name}: no users stand in it, {why} {whose}")

    def _column(self, path: Path, content: bytes) -> tuple[bool, str]:
        if self.user_column is not None:
            return self.user_column, "as you say."
        if path.parent.name == "cron.d" or (path.parent.name, path.name) == ("etc", "crontab"):
            return True, "as its place tells (--no-user-column reads it without)."
        if _owner(path) or self.owner:
            return False, f"as {'its place' if _owner(path) else '--user'} tells."
        if _names_users(content, self.dialect):
            return True, "as its lines look (--no-user-column reads it without)."
        return False, "as its lines look (--user-column reads it with them)."


def found_files(paths: Iterable[str], dialect: Dialect) -> Iterator[Path | str]:
    """The files, also of folders, and sentences on those that cron leaves out.

    Raises SettingsError for what is not there, or holds scripts.
    """
    for path in (_written_out(Path(each)) for each in paths):
        if path.name in _RUN_PARTS:
            raise SettingsError(
                f"{path} holds scripts and no crontab: lines of /etc/crontab or /etc/cron.d run "
                "them all; import these."
            )
        if not path.is_dir():
            yield path
            continue
        for file in _content(path):
            if file.name == ".placeholder":
                continue
            if file.is_dir():
                yield f"{file}: left out, as it is a folder; name it to have it read."
            elif not file.is_file():
                yield f"{file}: left out, as cron reads files alone: {_kind(file)}."
            elif _NAMES[dialect].fullmatch(file.name) or _owner(file):
                yield file
            else:
                yield f"{file}: left out, as cron does not read files of such names."


def _written_out(path: Path) -> Path:
    """The path that one file has wherever it is named from, as ids are made of it."""
    return path.resolve() if ".." in path.parts else path.absolute()


def _kind(path: Path) -> str:
    """What it is that is neither a file nor a folder."""
    if not path.is_symlink():
        return "it is a pipe, socket or device"
    return "it is a link to no file" if path.exists() else "it is a link to nothing"


def _content(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise SettingsError(f"{folder} cannot be read: {error.strerror}.") from None


def read_file(path: Path) -> bytes:
    """What stands in a file. Raises SettingsError."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        cure = "; only root may read it" if isinstance(error, PermissionError) else ""
        raise SettingsError(f"{path} cannot be read: {error.strerror}{cure}.") from None
    if len(content) > _LARGEST:
        raise SettingsError(f"{path} has more than 16 MiB: it is no crontab.")
    if content.startswith(b"#!"):
        raise SettingsError(f"{path} is a script and no crontab; import the line that runs it.")
    return content


def user_exists(name: str) -> bool:
    """Whether there is such a user on this machine."""
    try:
        pwd.getpwnam(name)
    except (KeyError, ValueError):
        return False
    return True


def _owner(path: Path) -> str | None:
    """Whose crontab it is, of one that cron keeps for a user."""
    kept = "/spool/cron/" in f"{path.parent.as_posix()}/" and not path.name.startswith(".")
    return path.name if kept else None


def _names_users(content: bytes, dialect: Dialect) -> bool:
    """Whether in the sixth place of most lines a user stands, and no program of that name."""
    words = [entry.user or "" for entry in parse(content, dialect, user_column=True).entries]
    users = {word for word in set(words) if user_exists(word) and shutil.which(word) is None}
    return 2 * sum(word in users for word in words) > len(words)


def everywhere(file: Path = Path("/etc/environment")) -> dict[str, str]:
    """What PAM gives each command of cron on this machine: the variables of a file.

    Without PATH, which cron sets itself, and the language, which the server has from elsewhere.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return {}
    found = (_VARIABLE.fullmatch(line.strip()) for line in text.splitlines())
    variables = {match["name"]: match["value"].strip("\"'") for match in found if match}
    return {name: variables[name] for name in variables if not name.startswith(_NOT_TAKEN)}
