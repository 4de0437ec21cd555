"""What the constants of a settings module have to be."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any, Final

from botsched.errors import SettingsError

_LIST: Final = "a list of packages is accepted, as ['simple_scheduler.jobs']."
_TEXT: Final = "a text is accepted."
_MAPPING: Final = "a dictionary is accepted."
_PATH: Final = "the path of a folder is accepted."

_KINDS: Final[Mapping[str, tuple[tuple[type, ...], str]]] = {
    "HTTP_ADDRESS": ((str,), _TEXT),
    "JOB_CLASS_PACKAGES": ((list, tuple, set, type(None)), _LIST),
    "DATABASE_CLASS": ((str,), _TEXT),
    "DATABASE_CONFIG_DICT": ((Mapping,), _MAPPING),
    "DATABASE_TABLENAMES": ((Mapping, type(None)), _MAPPING),
    "SCHEDULER_CLASS": ((str,), _TEXT),
    "STATIC_DIR_PATH": ((str, PurePath, type(None)), _PATH),
    "TEMPLATE_DIR_PATH": ((str, PurePath, type(None)), _PATH),
    "APP_INDEX_PAGE": ((str,), "the name of a file is accepted."),
}


def check_kinds(given: Mapping[str, Any]) -> None:
    """Raises SettingsError with every constant that is of another kind.

    The fields of a database are not told, as one of them is its password.
    """
    if faults := tuple(_faults(given)):
        raise SettingsError(*faults)


def port_of(value: Any) -> int:
    """Raises SettingsError."""
    try:
        return int(value)
    except (TypeError, ValueError):
        raise SettingsError(f"HTTP_PORT: {value!r}: a whole number is accepted.") from None


def _faults(given: Mapping[str, Any]) -> Iterator[str]:
    for name, (kinds, accepted) in _KINDS.items():
        if name in given and not isinstance(given[name], kinds):
            yield f"{name}: is of type {type(given[name]).__name__}; {accepted}"
    packages = given.get("JOB_CLASS_PACKAGES")
    if isinstance(packages, list | tuple | set):
        for package in packages:
            if not isinstance(package, str) or not package:
                yield f"JOB_CLASS_PACKAGES: {package!r}: {_LIST}"
