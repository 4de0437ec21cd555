"""Finding the Python files of a job folder."""

import os
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

from botsched.domain.packages import package_name

_SKIPPED = frozenset({"__pycache__", "tests"})


def python_files(folder: Path) -> Iterator[Path]:
    """Give the ``*.py`` files of a folder and its sub-folders, in a stable order.

    Hidden files and folders, ``tests``, virtual environments and folders that cannot be read are
    left out; links are followed, but no folder is entered twice.
    """
    entered: set[tuple[int, int]] = set()
    for directory, subfolders, names in os.walk(folder, followlinks=True):
        here = Path(directory)
        if not _enter(here, entered):
            subfolders.clear()
            continue
        subfolders[:] = sorted(n for n in subfolders if n not in _SKIPPED and n[0] != ".")
        for name in sorted(names, key=lambda name: (name != "__init__.py", name)):
            if name.endswith(".py") and name[0] != "." and (here / name).is_file():
                yield here / name


def _enter(directory: Path, entered: set[tuple[int, int]]) -> bool:
    try:
        status = directory.stat()
    except OSError:
        return False
    identity = (status.st_dev, status.st_ino)
    if identity in entered or (directory / "pyvenv.cfg").exists():
        return False
    entered.add(identity)
    return True


def job_modules(folder: Path) -> Iterator[tuple[str, Path]]:
    """Give name and file of each module that may define jobs, packages before what they hold.

    Names begin with the folder's. Files and folders named ``_...`` are for helpers.
    """
    package = package_name(folder)
    for file in python_files(folder):
        parts = [*file.relative_to(folder).parent.parts, file.stem]
        if parts[-1] == "__init__":
            parts.pop()
        if not any(part.startswith("_") for part in parts):
            yield ".".join([package, *parts]), file


def fingerprint(folders: Iterable[Path]) -> str:
    """Give a string that changes when any Python file of these folders does."""
    digest = blake2b(digest_size=16)
    for folder in folders:
        for file in python_files(folder):
            try:
                status = file.stat()
            except OSError:  # removed since it was listed
                continue
            digest.update(
                f"{file}\0{status.st_mtime_ns}\0{status.st_size}\0".encode(errors="replace")
            )
    return digest.hexdigest()
