"""A job's arguments as its ``run`` receives them: files as paths, secrets as their values."""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from botsched.errors import ExecutionError
from botsched.job.base import JobBase
from botsched.job.declared import Argument, Kind
from botsched.job.info import describe

Arguments: TypeAlias = list[Any] | dict[str, Any]
"""A list is passed by position, a dictionary by name."""


def prepare(
    job: JobBase, given: Arguments, replacing: dict[Kind, Callable[[Any], str]]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Give the positional and the keyword arguments for ``job.run``.

    ``replacing`` tells what stands for values of these kinds; it raises ``ExecutionError`` when
    that is not to be had.
    """
    given = given.copy()
    for kind, replaced in replacing.items():
        for key in _keys(given, describe(type(job)).arguments, kind):
            if given[key] is not None:
                given[key] = replaced(given[key])
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


def _keys(given: Arguments, declared: tuple[Argument, ...], kind: Kind) -> list[Any]:
    """List the indexes or the names under which ``given`` holds arguments of this kind."""
    if isinstance(given, dict):
        return [each.name for each in declared if each.kind is kind and each.name in given]
    last = declared[-1:] if declared and declared[-1].repeated else ()
    expected = [*declared, *last * (len(given) - len(declared))]
    pairs = zip(expected, given, strict=False)
    return [index for index, (each, _value) in enumerate(pairs) if each.kind is kind]


def secret(name: object, secrets: Mapping[str, str], fault: str) -> str:
    """Give the value of a secret. Raises ``ExecutionError`` saying why there is none."""
    if isinstance(name, str) and name in secrets:
        return secrets[name]
    raise ExecutionError(f"The secret {name!r:.60} is not to be had: {fault}")


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
