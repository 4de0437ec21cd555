"""The files that the page loads: where they are, and under which addresses a browser finds them."""

import hashlib
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "static"
VERSIONED: Final = r"/static/v-[0-9a-f]{16}/(.*)"
"""What all addresses of these files match. The digest in them makes that they never change."""

_LIBRARIES: Final = (
    "vendor/jquery/jquery.slim.min.js",
    "vendor/underscore/underscore-umd-min.js",
    "vendor/backbone/backbone-min.js",
    "vendor/bootstrap/js/bootstrap.bundle.min.js",
)
_FRAMEWORK: Final = "vendor/bootstrap/css/bootstrap.min.css"
_ENTRY: Final = "app/main.js"


class Assets:
    """The files of ``folder``, as they are when this is made."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._base = f"/static/v-{_digest(folder)}/"
        sheets = [f"style/{path.name}" for path in sorted(folder.glob("style/*.css"))]
        self.sheets = [self.path(name) for name in (_FRAMEWORK, *sheets)]
        self.libraries = [self.path(name) for name in _LIBRARIES]
        self.modules = [self.path(name) for name in _ahead(folder)]

    def path(self, name: str) -> str:
        """The address of a file of the folder."""
        return self._base + name


def _ahead(folder: Path) -> list[str]:
    """The modules that every view needs: all those that are not a view's own."""
    shared = [folder / "app", folder / "app/ui", folder / "app/views", folder / "app/views/shell"]
    modules = [path for place in shared for path in sorted(place.glob("*.js"))]
    names = [path.relative_to(folder).as_posix() for path in modules]
    return [name for name in names if name not in {_ENTRY, "app/theme.js"}]


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
