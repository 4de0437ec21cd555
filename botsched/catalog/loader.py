"""Loading job folders; whatever fails becomes an entry, and the rest still loads."""

import inspect
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType

from botsched.catalog.catalogue import Catalogue, CatalogueDescription, ImportFailure
from botsched.catalog.discovery import job_modules
from botsched.catalog.importing import (
    SiblingFinder,
    close_packages,
    import_job_module,
    open_package,
)
from botsched.catalog.shadowing import shadow_ndscheduler
from botsched.domain.packages import package_name
from botsched.errors import ExecutionError
from botsched.job import JobBase
from botsched.job.hooks import MissingHooks, RunHooks, load_hooks
from botsched.job.info import JobClassInfo, describe
from botsched.job.trace import author_traceback, error_line, one_line


def load(
    folders: Iterable[Path], modules: Iterable[str] = (), hooks: str | None = None
) -> Catalogue:
    """Import the modules of all folders anew, each named ``<folder>.<module>``.

    ``modules`` are installed ones by their names, which are imported once. ``hooks`` names a class
    in any of these modules, or in another one, as ``MODULE.CLASS``. Runs the code of all
    these modules; raises nothing for what is wrong with them.
    """
    return _Loader().load(folders, modules, hooks)


class _Loader:
    """One load: collects modules and failures on its way."""

    def __init__(self) -> None:
        self._finder = SiblingFinder()
        self._modules: list[ModuleType] = []
        self._failures: list[ImportFailure] = []

    def load(self, folders: Iterable[Path], modules: Iterable[str], hooks: str | None) -> Catalogue:
        close_packages()
        shadow_ndscheduler()
        for name in modules:
            self._import_installed(name)
        sys.meta_path.append(self._finder)
        # Not resolve(): a folder that is a link is named like the link.
        distinct = dict.fromkeys(Path(os.path.abspath(folder)) for folder in folders)  # noqa: PTH100
        for folder in [folder for folder in distinct if self._open(folder)]:
            self._import_folder(folder)
        return self._catalogue(self._hooks(hooks) if hooks else None)

    def _import_installed(self, name: str) -> None:
        try:
            self._modules.append(import_module(name))
        except (ImportError, ExecutionError) as error:
            self._failures.append(_failure(name, name, error))

    def _open(self, folder: Path) -> bool:
        try:
            open_package(folder)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  also sys.exit() in the package around it
            self._failures.append(_failure(package_name(folder), folder, error))
            return False
        return True

    def _import_folder(self, folder: Path) -> None:
        broken: list[str] = []  # sub-packages; what they hold fails for the same reason
        for name, file in job_modules(folder):
            if any(name.startswith(f"{package}.") for package in broken):
                continue
            try:
                self._modules.append(_import(name, file, folder))
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001  also sys.exit() in a module
                self._failures.append(_failure(name, file, error))
                if file.name == "__init__.py" and name != package_name(folder):
                    broken.append(name)
            finally:
                self._finder.forget()

    def _hooks(self, name: str) -> RunHooks:
        try:
            return load_hooks(name)
        except ExecutionError as error:
            trace = author_traceback(error.__cause__) if error.__cause__ else None
            self._failures.append(ImportFailure(name, name, str(error), trace))
            return MissingHooks(str(error))

    def _catalogue(self, hooks: RunHooks | None) -> Catalogue:
        found = [
            job_class
            for module in dict.fromkeys(self._modules)
            for job_class in _classes_of(module)
        ]
        bases = {base for job_class in found for base in job_class.__mro__[1:]}
        runnable: dict[str, type[JobBase]] = {}
        infos: list[JobClassInfo] = []
        for job_class in found:
            try:
                info = describe(job_class)
            except ExecutionError as error:
                if job_class not in bases and not _is_helper(job_class):
                    self._failures.append(_class_failure(job_class, error))
                continue
            runnable[info.job_class_string] = job_class
            if job_class not in bases:
                infos.append(info)
        hidden = runnable.keys() - {info.job_class_string for info in infos}
        description = CatalogueDescription(
            tuple(infos), tuple(self._failures), tuple(sorted(hidden))
        )
        return Catalogue(runnable, description, hooks)


def _import(name: str, file: Path, folder: Path) -> ModuleType:
    if "." in file.relative_to(folder).with_suffix("").as_posix():
        raise ExecutionError("A module whose path has a dot in it cannot be imported; rename it.")
    return import_job_module(name)


def _failure(name: str, file: Path | str, error: BaseException) -> ImportFailure:
    match error:
        case ExecutionError():
            return ImportFailure(name, str(file), str(error))
        case SystemExit(code=code):
            message = one_line(f"The module called sys.exit({code!r}) while it was imported.")
        case _:
            message = error_line(error)
    return ImportFailure(name, str(file), message, author_traceback(error))


def _class_failure(job_class: type[JobBase], error: ExecutionError) -> ImportFailure:
    module = job_class.__module__
    file = getattr(sys.modules[module], "__file__", None) or ""
    traceback = author_traceback(error.__cause__) if error.__cause__ else None
    return ImportFailure(module, file, str(error), traceback, job_class.__qualname__)


def _classes_of(module: ModuleType) -> list[type[JobBase]]:
    """List the concrete job classes that this module defines; what it imports is not its own."""
    return [
        value
        for value in dict.fromkeys(v for v in vars(module).values() if isinstance(v, type))
        if issubclass(value, JobBase)
        and value.__module__ == module.__name__
        and not inspect.isabstract(value)
    ]


def _is_helper(job_class: type[JobBase]) -> bool:
    """Tell whether a class without run() is meant as a base: it does not describe itself either."""
    described = "info" in vars(job_class) or "meta_info" in vars(job_class)
    return job_class.run is JobBase.run and not described
