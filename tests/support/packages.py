"""Programs that the tests start, and the Debian packages that bring them.

Also read by ``tests/run`` before the right Python is found: Python 3.6, standard library only.
"""

import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = {
    "postgresql": ("initdb", "postgres"),
    "mariadb-server": ("mariadb-install-db", "mariadbd"),
    "chromium": ("chromium",),
}

# As long as this is there, packages start no services; ours are private ones.
_NO_SERVICES = Path("/usr/sbin/policy-rc.d")

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


def install() -> bool:
    """Install what is missing, if we may; return whether everything is there."""
    wanted = missing()
    allowed = os.geteuid() == 0 or (os.environ.get("CI") and shutil.which("sudo"))
    if wanted and allowed and shutil.which("apt-get"):
        print("--- installing {}".format(" ".join(wanted)), flush=True)
        _apt(["update"])
        _without_services(["install", "-y", "--no-install-recommends", *wanted])
    return not missing()


def _without_services(arguments: "list[str]") -> None:
    ours = os.geteuid() == 0 and not _NO_SERVICES.exists()
    if ours:
        _NO_SERVICES.write_text("#!/bin/sh\nexit 101\n")
        _NO_SERVICES.chmod(0o755)
    try:
        _apt(arguments)
    finally:
        if ours:
            _NO_SERVICES.unlink()


def _apt(arguments: "list[str]") -> None:
    command = ["apt-get", "-qq", *arguments]
    if os.geteuid() != 0:
        command = ["sudo", "-n", *command]
    subprocess.call(command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
