"""Programs that the tests start, and the Debian packages that bring them.

Also read by ``tests/run`` before the right Python is found: Python 3.6, standard library only.
"""

import shutil
from pathlib import Path

PACKAGES = {
    "postgresql": ("initdb", "postgres"),
    "mariadb-server": ("mariadb-install-db", "mariadbd"),
}

# Where Debian puts programs that no user is to start by hand.
_PLACES = ("usr/lib/postgresql/*/bin", "usr/sbin")


def find(command: str) -> str:
    """Return the path of a command, the newest where there are several; empty if it is missing."""
    found = [str(path) for place in _PLACES for path in Path("/").glob(f"{place}/{command}")]
    return max(found) if found else shutil.which(command) or ""


def missing() -> "list[str]":
    """Return the packages that are not installed."""
    found = {name: all(map(find, commands)) for name, commands in PACKAGES.items()}
    return [name for name, there in found.items() if not there]
