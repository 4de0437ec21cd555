"""What the page's modules import, so that a browser need not find it one behind the other."""

import re
from collections.abc import Iterable
from pathlib import Path
from posixpath import dirname, normpath
from typing import Final

_ENTRY: Final = "app/main.js"
_AREAS: Final = "app/areas.js"
_IMPORT: Final = re.compile(
    r"""(?:^|;)(?:import|export)\b[^"';]*["'](\.\.?/[^"']+\.js)["']""", re.MULTILINE
)
_AREA: Final = re.compile(r"""path: "([^"]*)".*?import\("\.(/[^"]+)"\)""")
_NAME: Final = re.compile(r":\w+")


class Imports:
    """Of the modules in ``folder``: by a view's address, all that is loaded before it is shown."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._common = closure(folder, [_ENTRY])
        views = _AREA.findall((folder / _AREAS).read_text())
        self._views = [
            (re.compile("/" + _NAME.sub("[^/]+", path)), closure(folder, [f"app{view}"]))
            for path, view in sorted(views, key=lambda area: area[0].count(":"))
        ]

    def of(self, address: str) -> list[str]:
        """The modules for an address of the page, but for the one with which it begins."""
        own = next((names for path, names in self._views if path.fullmatch(address)), set[str]())
        return sorted((self._common | own) - {_ENTRY})


def closure(folder: Path, modules: Iterable[str]) -> set[str]:
    """These modules and all that they import."""
    ahead, found = list(modules), set[str]()
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            imported = _IMPORT.findall((folder / name).read_text())
            ahead += [normpath(f"{dirname(name)}/{each}") for each in imported]
    return found
