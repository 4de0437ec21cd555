"""The files that the page loads: where they are, and under which addresses a browser finds them."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from posixpath import dirname, normpath
from typing import Final

from botsched.errors import NotFoundError
from botsched.web.compression import compressed
from botsched.web.headers import JSON, TEXT

FOLDER: Final = Path(__file__).parent / "static"
VERSIONED: Final = r"/static/v-(?P<version>[0-9a-f]{16})/(?P<name>.+)"
"""What all addresses of these files match. The digest in them makes that they never change."""

_MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": JSON,
    ".svg": "image/svg+xml",
}
_SMALLEST: Final = 9  # each file is compressed once only

_LIBRARIES: Final = (
    "vendor/jquery/jquery.slim.min.js",
    "vendor/underscore/underscore-umd-min.js",
    "vendor/backbone/backbone-min.js",
    "vendor/bootstrap/js/bootstrap.bundle.min.js",
)
_FRAMEWORK: Final = "vendor/bootstrap/css/bootstrap.min.css"
_ENTRY: Final = "app/main.js"
_IMPORT: Final = re.compile(r"""^(?:import|export)\b[^"';]*["'](\.[^"']+)["']""", re.MULTILINE)


class Asset:
    """One of the files."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.media_type = _MEDIA_TYPES.get(path.suffix, TEXT)

    @property
    def content(self) -> bytes:
        """What is in it."""
        return self._path.read_bytes()

    @cached_property
    def compressed(self) -> bytes:
        """The same in gzip, which nearly all browsers ask for."""
        return compressed(self.content, _SMALLEST)


class Assets:
    """The files of ``folder``, as they are when this is made."""

    def __init__(self, folder: Path = FOLDER) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): Asset(path) for path in paths}
        self._version = _digest(self._files)
        self._base = f"/static/v-{self._version}/"
        sheets = [f"style/{path.name}" for path in sorted(folder.glob("style/*.css"))]
        self.sheets = [self.path(name) for name in (_FRAMEWORK, *sheets)]
        self.libraries = [self.path(name) for name in _LIBRARIES]
        self.modules = [self.path(name) for name in _ahead(folder)]

    def path(self, name: str) -> str:
        """The address of a file of the folder."""
        return self._base + name

    def find(self, version: str, name: str) -> Asset:
        """The file of an address. Raises NotFoundError, also for files of another version.

        Those of one version fit together, and a browser would keep this one's under that name.
        """
        if version != self._version or name not in self._files:
            raise NotFoundError("file of the page", name)
        return self._files[name]


def closure(folder: Path, modules: Iterable[str]) -> list[str]:
    """These modules and all that they import: a browser finds those one behind the other."""
    ahead, found = list(modules), set[str]()
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            imported = _IMPORT.findall((folder / name).read_text())
            ahead += [normpath(f"{dirname(name)}/{each}") for each in imported]
    return sorted(found)


def _ahead(folder: Path) -> list[str]:
    """The modules that every view needs: all those that are not a view's own."""
    shared = (path.relative_to(folder).as_posix() for path in folder.glob("app/ui/*.js"))
    return [name for name in closure(folder, [_ENTRY, *shared]) if name != _ENTRY]


def _digest(files: Mapping[str, Asset]) -> str:
    digest = hashlib.sha256()
    for name, file in files.items():
        digest.update(name.encode())
        digest.update(file.content)
    return digest.hexdigest()[:16]
