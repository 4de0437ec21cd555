"""Making job folders importable, each as the package that its place says."""

import importlib
import inspect
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from botsched.domain.packages import outermost
from botsched.errors import ExecutionError

_MARK = "__job_folder__"


def open_package(folder: Path) -> None:
    """Make ``folder`` the package that its name says, so that its modules can be imported.

    What lies in a package is opened with that: then its ``__init__`` is run, and may raise
    anything. Raises ``ExecutionError`` when it cannot be opened.
    """
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        raise ExecutionError(
            f"The job folder {folder} cannot be read: {error.strerror}."
        ) from error
    package = outermost(folder)
    if "." in folder.name or "." in package.name:
        raise ExecutionError(f"The name of the job folder {folder} has a dot in it; rename it.")
    name = package.name
    if package != folder and getattr(sys.modules.get(name), _MARK, None) == package:
        return  # another folder of it is open
    if is_job_module(name):
        raise ExecutionError(f"Two job folders are named {name!r}; rename {folder}.")
    if name in sys.stdlib_module_names or name in sys.modules:
        raise ExecutionError(f"The job folder {folder} is named like a Python module; rename it.")
    module = module_from_spec(_package_spec(package))
    vars(module)[_MARK] = package
    sys.modules[name] = module
    if package != folder:
        try:
            _run(module)
        except BaseException:
            del sys.modules[name]
            raise


def _package_spec(folder: Path) -> ModuleSpec:
    init = folder / "__init__.py"
    locations = [str(folder)]
    if init.is_file():
        spec = spec_from_file_location(folder.name, init, submodule_search_locations=locations)
        assert spec is not None, "a file has a loader"
        return spec
    spec = ModuleSpec(folder.name, None, is_package=True)
    spec.submodule_search_locations = locations
    return spec


def import_job_module(name: str) -> ModuleType:
    """Import a module of an open package; the package's own name stands for its ``__init__``."""
    module = sys.modules.get(name)
    if module is None or not hasattr(module, _MARK):
        return importlib.import_module(name)
    _run(module)
    return module


def _run(module: ModuleType) -> None:
    if module.__spec__ is not None and module.__spec__.loader is not None:
        module.__spec__.loader.exec_module(module)


def close_packages() -> None:
    """Forget all modules of job folders, so that they are read anew."""
    names = [name for name in sys.modules if is_job_module(name)]
    for name in names:
        del sys.modules[name]
    sys.meta_path[:] = [f for f in sys.meta_path if not isinstance(f, SiblingFinder)]
    if names:
        importlib.invalidate_caches()


def is_job_module(name: str) -> bool:
    """Tell whether the module of this name belongs to a job folder."""
    return hasattr(sys.modules.get(name.partition(".")[0]), _MARK)


class SiblingFinder:
    """Lets ``import helper`` in a job module mean the ``helper.py`` beside it, or above it.

    It is the last to be asked, so that no file of a job folder can stand in for a library, and it
    gives the very module that ``from . import helper`` gives, so that no class exists twice.
    """

    def __init__(self) -> None:
        self._names: set[str] = set()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002  part of the protocol
    ) -> ModuleSpec | None:
        """Find ``fullname`` in the package of the importing module and in those around it."""
        if path is not None:
            return None
        package = _importing_package()
        while is_job_module(package):
            sibling = f"{package}.{fullname}"
            if find_spec(sibling) is not None:
                self._names.add(fullname)
                # A loader by its methods: the base class would load half of importlib.
                loader: Any = _SiblingLoader(sibling)
                return ModuleSpec(fullname, loader)
            package = package.rpartition(".")[0]
        return None

    def forget(self) -> None:
        """Drop the short names found so far: in another folder they mean other modules."""
        for name in self._names:
            sys.modules.pop(name, None)
        self._names.clear()


class _SiblingLoader:
    def __init__(self, name: str) -> None:
        self._name = name

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:  # noqa: ARG002  the protocol
        return None  # an ordinary module, only to be replaced

    def exec_module(self, module: ModuleType) -> None:
        sys.modules[module.__name__] = importlib.import_module(self._name)


def _importing_package() -> str:
    frame = inspect.currentframe()
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name != __name__ and name.partition(".")[0] != "importlib":
            return str(frame.f_globals.get("__package__") or "")
        frame = frame.f_back
    return ""
