"""The files that the page loads: where they are, and under which addresses a browser finds them."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from botsched.errors import NotFoundError
from botsched.web.compression import compressed
from botsched.web.headers import JSON, TEXT
from botsched.web.imports import Imports

FOLDER: Final = Path(__file__).parent / "static"
VERSIONED: Final = r"/static/v-[0-9a-f]{16}/.+"
"""What all addresses of these files match. The digest in them makes that they never change."""

_MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": JSON,
    ".svg": "image/svg+xml",
}
_SMALLEST: Final = 9  # each file is compressed once only
_BETWEEN: Final = b"\n"

_LIBRARIES: Final = (
    "vendor/jquery/jquery.slim.min.js",
    "vendor/underscore/underscore-umd-min.js",
    "vendor/backbone/backbone-min.js",
    "vendor/bootstrap/js/bootstrap.bundle.min.js",
)
_FRAMEWORK: Final = "vendor/bootstrap/css/bootstrap.min.css"
_SCRIPT: Final = "libraries.js"
_SHEET: Final = "style.css"


class Asset:
    """What is found under one address: a file, or several one behind the other."""

    def __init__(self, *paths: Path) -> None:
        self._paths = paths
        self.media_type = _MEDIA_TYPES.get(paths[0].suffix, TEXT)

    @property
    def content(self) -> bytes:
        """What is in it."""
        return _BETWEEN.join(path.read_bytes() for path in self._paths)

    @cached_property
    def compressed(self) -> bytes:
        """The same in gzip, which nearly all browsers ask for."""
        return compressed(self.content, _SMALLEST)


class Assets:
    """The files of ``folder``, as they are when this is made.

    Each request costs time in the proxy, so that sheets and libraries come in one each.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        sheets = [folder / _FRAMEWORK, *sorted(folder.glob("style/*.css"))]
        self._found = {path.relative_to(folder).as_posix(): Asset(path) for path in paths}
        self._base = f"/static/v-{_digest(self._found)}/"
        self._found[_SHEET] = Asset(*sheets)
        self._found[_SCRIPT] = Asset(*(folder / name for name in _LIBRARIES))
        self._imports = Imports(folder)
        self.sheet, self.libraries = self.path(_SHEET), self.path(_SCRIPT)

    def path(self, name: str) -> str:
        """The address of a file of the folder."""
        return self._base + name

    def modules(self, address: str) -> list[str]:
        """The addresses of all modules that are needed at an address of the page."""
        return [self.path(name) for name in self._imports.of(address)]

    def find(self, address: str) -> Asset:
        """What is found under an address. Raises NotFoundError, also for other versions.

        Files of one version fit together, and a browser would keep this one's under that address.
        """
        base, name = address[: len(self._base)], address[len(self._base) :]
        if base != self._base or name not in self._found:
            raise NotFoundError("file of the page", address)
        return self._found[name]


def _digest(files: Mapping[str, Asset]) -> str:
    digest = hashlib.sha256()
    for name, file in files.items():
        digest.update(name.encode())
        digest.update(file.content)
    return digest.hexdigest()[:16]
