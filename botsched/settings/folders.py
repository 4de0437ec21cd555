"""The job folders: what is there, and that each one's name is free to be a module's name."""

import os
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

from botsched.domain.packages import outermost, package_name
from botsched.errors import SettingsError
from botsched.settings.faults import Faults
from botsched.settings.shipped import shipped
from botsched.settings.values import Values


def job_folders(values: Values, working: Path) -> tuple[Path, ...]:
    """Return the folders in the order given, each once, as absolute paths."""
    if not values.is_given("jobs") and not (working / "jobs").is_dir():
        return (shipped("jobs"),)
    # Not resolve(): a folder that is a link is named like the link.
    folders = list(dict.fromkeys(Path(os.path.abspath(working / f)) for f in values["jobs"]))  # noqa: PTH100
    faults = Faults()
    for folder in folders:
        faults.attempt(_check, folder)
    for name, count in Counter(map(package_name, folders)).items():
        if count > 1:
            faults.add(f"--jobs: {count} folders are named {name!r}; jobs are told apart by it.")
    faults.raise_any()
    return tuple(folders)


def _check(folder: Path) -> None:
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        raise SettingsError(f"--jobs {folder}: {error.strerror}; a folder is accepted.") from None
    package = outermost(folder)
    if package.name in sys.stdlib_module_names or _is_installed(package):
        raise SettingsError(
            f"--jobs {folder}: {package.name!r} is the name of a Python module already; "
            "rename the folder."
        )


def _is_installed(folder: Path) -> bool:
    """Whether a package that is not this folder has its name; bare folders do not count."""
    try:
        spec = find_spec(folder.name)
    except (ImportError, ValueError):
        return False
    if spec is None or spec.origin is None:
        return False
    return Path(spec.origin).resolve().parent not in {folder.resolve(), shipped("jobs")}
