"""A job's arguments as its ``run`` receives them: fitted to its parameters, files as paths."""

import inspect
from pathlib import Path
from typing import Any, TypeAlias

from botsched.errors import ExecutionError
from botsched.job.base import JobBase
from botsched.job.info import Argument, describe

Arguments: TypeAlias = list[Any] | dict[str, Any]
"""A list is passed by position, a dictionary by name."""


def prepare(
    job: JobBase, given: Arguments, data_dir: Path | None
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Give the positional and the keyword arguments for ``job.run``.

    Raises ``ExecutionError`` when a data file is not to be had.
    """
    given = given.copy()
    for key in _file_keys(job, given, describe(type(job)).arguments):
        if given[key] is not None:
            given[key] = str(data_file(given[key], data_dir))
    return ((), given) if isinstance(given, dict) else (tuple(given), {})


def check_fit(job: JobBase, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Raise ``ExecutionError`` when ``job.run`` cannot be called with these arguments.

    Only worth asking after a call failed: looking at a signature costs more than a short run.
    """
    signature = inspect.signature(job.run)
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        raise ExecutionError(f"The arguments do not fit run{signature}: {error}.") from None


def _file_keys(job: JobBase, given: Arguments, declared: tuple[Argument, ...]) -> list[Any]:
    """List the indexes or the names under which ``given`` holds arguments of type ``file``."""
    indexes = [index for index, argument in enumerate(declared) if argument.type == "file"]
    if isinstance(given, list) or not indexes:
        return [index for index in indexes if index < len(given)]
    parameters = dict(enumerate(inspect.signature(job.run).parameters))
    names = [declared[index].name or parameters.get(index) for index in indexes]
    return [name for name in names if name in given]


def data_file(name: object, data_dir: Path | None) -> Path:
    """Give the absolute path of a file of the data folder, links resolved.

    Raises ``ExecutionError`` when there is no such file, or when it lies outside the folder.
    """
    if data_dir is None:
        raise ExecutionError(f"There is no data folder to take the file {name!r} from.")
    if not isinstance(name, str) or not name:
        raise ExecutionError(f"An argument of type file must name a data file, not be {name!r}.")
    folder = data_dir.resolve()
    try:
        path = (folder / name).resolve()
        is_file = path.is_file()
    except (OSError, ValueError, RuntimeError):  # too long, a null byte, a loop of links
        raise ExecutionError(f"{name!r:.200} cannot be the name of a data file.") from None
    if not path.is_relative_to(folder):
        raise ExecutionError(f"The file {name!r} lies outside the data folder.")
    if not is_file:
        raise ExecutionError(f"There is no file {name!r} in the data folder; upload it first.")
    return path
