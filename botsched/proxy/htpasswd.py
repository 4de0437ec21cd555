"""The htpasswd file: who may log in. Read by the proxy, managed by the command line."""

import contextlib
import fcntl
import os
import secrets
import stat
import string
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from botsched.errors import ConflictError, InvalidError, NotFoundError, SettingsError
from botsched.proxy import hashes

FIRST_USER: Final = "administrator"

_LONGEST_NAME: Final = 255
# No characters that are mistaken for each other when copied from a terminal by hand.
_PASSWORD_ALPHABET: Final = "".join(
    sorted(set(string.ascii_letters + string.digits) - set("0O1lI"))
)


def read(path: Path) -> dict[str, str]:
    """Users and their hashes; SettingsError names every faulty line."""
    return parse(_text(path), path)


def parse(text: str, path: Path) -> dict[str, str]:
    """As ``read``, for a text already read from ``path``."""
    users: dict[str, str] = {}
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        entry = _entry(line)
        if entry is None:
            continue
        user, hashed = entry
        if fault := _fault(user, hashed, users):
            faults.append(f"{path}, line {number}: {fault}.")
        else:
            users[user] = hashed
    if faults:
        raise SettingsError(*faults)
    return users


def create(path: Path) -> str:
    """Make the file of a first run and return the random password of its only user.

    The password is stored nowhere: show it once. ConflictError when the file exists already.
    """
    password = "".join(secrets.choice(_PASSWORD_ALPHABET) for _ in range(16))
    line = f"{FIRST_USER}:{hashes.hash_password(password)}\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConflictError(f"The htpasswd file {path} exists already.") from None
    except OSError as error:
        raise SettingsError(f"Cannot create the htpasswd file {path}: {error.strerror}.") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(descriptor)
    return password


def list_users(path: Path) -> list[str]:
    """Names in the order of the file."""
    return list(read(path))


def check_new(path: Path, user: str) -> None:
    """Raise what ``add`` would, before there is a password. A missing file has no users."""
    _check_name(user)
    if path.exists():
        _refuse_known(_text(path).splitlines(), user)


def add(path: Path, user: str, password: str) -> None:
    """Add a user; ConflictError when there is one of that name."""
    _check_name(user)
    line = _line(user, password)

    def edit(lines: list[str]) -> list[str]:
        _refuse_known(lines, user)
        return [*lines, line]

    _edit(path, edit)


def set_password(path: Path, user: str, password: str) -> None:
    """Give a user a new password; NotFoundError when there is none of that name."""
    line = _line(user, password)

    def edit(lines: list[str]) -> list[str]:
        position = _find_or_raise(lines, user)
        return [*lines[:position], line, *lines[position + 1 :]]

    _edit(path, edit)


def remove(path: Path, user: str) -> None:
    """Remove a user; NotFoundError when there is none of that name."""

    def edit(lines: list[str]) -> list[str]:
        position = _find_or_raise(lines, user)
        return [*lines[:position], *lines[position + 1 :]]

    _edit(path, edit)


def _entry(line: str) -> tuple[str, str] | None:
    """Name and hash of a line (fields after them are ignored), or None for comment and blank."""
    if not line.strip() or line.startswith("#"):
        return None
    user, _, rest = line.partition(":")
    return user, rest.partition(":")[0].strip()


def _fault(user: str, hashed: str, known: dict[str, str]) -> str | None:
    if fault := _name_fault(user):
        return f"the user name {fault}"
    if not hashed:
        return "expected user:hash"
    if user in known:
        return f"the user {user!r} occurs twice"
    if not hashes.is_supported(hashed):
        # The text may be a password in clear, so it is not repeated here.
        return f"the password of {user!r} is in no supported form ({hashes.FORMS}); set it anew"
    return None


def _name_fault(user: str) -> str | None:
    if not user:
        return "is empty"
    if not user.isprintable() or ":" in user:
        return "must not contain a colon or control characters"
    if user != user.strip() or user.startswith("#"):
        return "must not begin or end with a space, nor begin with '#'"
    if len(user.encode()) > _LONGEST_NAME:
        return f"is longer than {_LONGEST_NAME} bytes"
    return None


def _check_name(user: str) -> None:
    if fault := _name_fault(user):
        raise InvalidError({"user": fault})


def _line(user: str, password: str) -> str:
    if not password or not password.isprintable():
        raise InvalidError({"password": "is empty or contains control characters"})
    if len(password.encode()) > hashes.BCRYPT_BYTES:
        raise InvalidError({"password": f"is longer than {hashes.BCRYPT_BYTES} bytes"})
    return f"{user}:{hashes.hash_password(password)}"


def _find(lines: Sequence[str], user: str) -> int | None:
    for position, line in enumerate(lines):
        entry = _entry(line)
        if entry is not None and entry[0] == user:
            return position
    return None


def _refuse_known(lines: Sequence[str], user: str) -> None:
    if _find(lines, user) is not None:
        raise ConflictError(f"There is a user {user!r} already; change the password instead.")


def _find_or_raise(lines: Sequence[str], user: str) -> int:
    position = _find(lines, user)
    if position is None:
        raise NotFoundError("user", user)
    return position


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(f"Cannot read the htpasswd file {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f"{path}, line {line}: not UTF-8 text.") from error


def _edit(path: Path, edit: Callable[[list[str]], list[str]]) -> None:
    """Replace the file by its edited lines; comments and other users stay as they are."""
    target = path.resolve()  # a symbolic link goes on pointing to the file
    try:
        with _locked(target.parent):
            lines = edit(_text(target).splitlines())
            _replace(target, "".join(f"{line}\n" for line in lines))
    except OSError as error:
        raise SettingsError(f"Cannot change the htpasswd file {path}: {error.strerror}.") from error


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one editor at a time in; the folder is locked because the file itself is replaced."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace(target: Path, text: str) -> None:
    """Readers see the old file or the new one, never a part; mode and owner stay."""
    before = target.stat()
    descriptor, name = tempfile.mkstemp(prefix=f"{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(descriptor, before.st_uid, before.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
            os.fsync(descriptor)
        os.replace(name, target)  # noqa: PTH105  # mkstemp hands out a plain name
    except BaseException:
        os.unlink(name)  # noqa: PTH108
        raise
