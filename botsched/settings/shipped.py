"""What comes with the program beside its code: example jobs and templates."""

import shlex
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """Return the folder ``jobs`` or ``conf``: inside an installed package, or beside a checkout."""
    installed = _PACKAGE / "share" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def requirements(extra: str) -> str:
    """Return what pip is to install for an extra: pins of a checkout, or the package's own."""
    pins = _PACKAGE.parent / "requirements" / f"{extra}.txt"
    return f"-r {shlex.quote(str(pins))}" if pins.exists() else f"'bots-scheduler[{extra}]'"
