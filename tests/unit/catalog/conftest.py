"""Job folders made on the spot, and the import system left as it was found."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from botsched.catalog.importing import close_packages

MakeFolder = Callable[..., Path]


def _take_ndscheduler() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name.partition(".")[0] == "ndscheduler"]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture(autouse=True)
def _unloaded() -> Iterator[None]:
    before = _take_ndscheduler()
    yield
    close_packages()
    _take_ndscheduler()
    sys.modules.update(before)


@pytest.fixture
def make_folder(tmp_path: Path) -> MakeFolder:
    """Write a job folder: ``make_folder("jobs", {"a.py": "source", ...})``."""

    def make(name: str, files: dict[str, str]) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        for path, source in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(source))
        return folder

    return make
