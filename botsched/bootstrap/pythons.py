"""Find a Python on this machine that can run the program.

Written for any Python from 3.6 on, standard library only: the one that starts the launcher may be
too old for the program itself.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
from typing import Iterator, List, NamedTuple, Optional, Tuple

from botsched.bootstrap.errors import BootstrapError

OLDEST = (3, 11)
CHOICE = "BOTS_SCHEDULER_PYTHON"
PLACES = (
    "/usr/local/bin",
    "/usr/bin",
    "/opt/*/bin",
    "~/.local/bin",
    "~/.local/share/uv/python/*/bin",
    "~/.pyenv/versions/*/bin",
)

_NAME = re.compile(r"python3(\.\d+)?$")

# Some systems ship Python in parts, and one built by hand may lack what was not there to link with.
_PROBE = """
import importlib, json, os, sys
missing = []
for name in ("venv", "ensurepip", "ssl", "sqlite3"):
    try:
        importlib.import_module(name)
    except ImportError:
        missing.append(name)
path = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
print(json.dumps([path, sys.version_info[:3], sys.version_info.releaselevel, missing]))
"""


class Python(NamedTuple):
    """An interpreter that answered; ``missing`` names the modules that it lacks of those needed."""

    path: str
    version: Tuple[int, int, int]
    final: bool
    missing: Tuple[str, ...]

    def __str__(self) -> str:
        return "Python {} ({})".format(".".join(map(str, self.version)), self.path)

    @property
    def is_recent(self) -> bool:
        """Recent enough for the program, and not a preview of a version to come."""
        return self.final and self.version >= OLDEST


def choose(version: Optional[Tuple[int, int]] = None) -> Python:
    """Return the newest usable Python, or the one named in the environment.

    ``version`` asks for the newest of that minor version instead. Raises BootstrapError.
    """
    named = os.environ.get(CHOICE)
    if named and version is None:
        return _named(named)
    answered = sorted(found(), key=lambda python: python.version, reverse=True)
    recent = [
        python for python in answered if python.is_recent and version in (None, python.version[:2])
    ]
    for python in recent:
        if not python.missing:
            return python
    if recent:
        raise BootstrapError(_lacks(recent[0]))
    raise BootstrapError(_none_recent(answered, version or OLDEST))


def found() -> Iterator[Python]:
    """Yield each interpreter of this machine once, asking every candidate who it is."""
    seen = set()
    for candidate in _candidates():
        python = _ask(candidate)
        if python and python.path not in seen:
            seen.add(python.path)
            yield python


def _candidates() -> List[str]:
    """Return the files that bear a Python's name, each once, the one running now among them."""
    patterns = os.environ.get("PATH", "").split(os.pathsep)
    patterns += [os.path.expanduser(place) for place in PLACES]
    folders = [folder for pattern in patterns for folder in glob.glob(pattern)]
    files = [sys.executable] if sys.executable else []
    for folder in folders:
        files += [
            path for path in glob.glob(os.path.join(folder, "python3*")) if _NAME.search(path)
        ]
    return list({_identity(path): path for path in files}.values())


def _identity(path: str) -> str:
    # A shim asks by its own name which Python to run, so two links to one shim are two candidates.
    return path if f"{os.sep}shims{os.sep}" in path else os.path.realpath(path)


def _ask(path: str) -> Optional[Python]:
    """Return what the interpreter says of itself, or None when it does not run."""
    try:
        answer = subprocess.check_output(
            [path, "-I", "-c", _PROBE],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=20,
        )
        real, version, level, missing = json.loads(answer.decode())
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Python(real, tuple(version), level == "final", tuple(missing))


def _named(name: str) -> Python:
    path = shutil.which(name)
    python = _ask(path) if path else None
    if python is None:
        raise BootstrapError(f"{CHOICE}={name}: there is no Python that runs under this name.")
    if not python.is_recent:
        raise BootstrapError(f"{CHOICE}={name}: this is {python}; 3.11 or newer is needed.")
    if python.missing:
        raise BootstrapError(_lacks(python))
    return python


def _lacks(python: Python) -> str:
    short = "{}.{}".format(*python.version)
    if set(python.missing) & {"venv", "ensurepip"}:
        cure = f"On Debian and Ubuntu: apt install python{short}-venv."
    else:
        cure = "It was built without them: install the libraries' headers and build it again."
    return f"{python} lacks {', '.join(python.missing)}. {cure}"


def _none_recent(answered: List[Python], wanted: Tuple[int, int]) -> str:
    short = "{}.{}".format(*wanted)
    newest = f"the newest found here is {answered[0]}" if answered else "none was found here"
    return (
        f"Python {short} or newer is needed; {newest}. Install one "
        "(Debian 12, Ubuntu 24.04 or newer: apt install python3-venv; Fedora, RHEL 9: dnf install "
        f"python3.12; elsewhere: pyenv install 3.13), or name one in {CHOICE}."
    )
