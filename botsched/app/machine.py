"""What this process runs on, and what it takes."""

import os
import platform
import shutil
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from botsched import __version__

_LIBRARIES: Final = (
    "apscheduler", "tornado", "sqlalchemy", "mitmproxy", "passlib", "bcrypt", "click",
    "psycopg", "pymysql", "boto3",
)  # fmt: skip


def versions() -> dict[str, Any]:
    """Of the program, of Python, and of those libraries that are installed."""
    found = {name: _version(name) for name in _LIBRARIES}
    return {
        "program": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": {name: each for name, each in found.items() if each is not None},
    }


def process() -> dict[str, Any]:
    """Memory in bytes and processor time in seconds of this process, its files and threads."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {
        "memory": int(status["VmRSS"].split()[0]) * 1024,
        "threads": int(status["Threads"]),
        "cpu_seconds": round(time.process_time(), 2),
        "load": list(os.getloadavg()),
        "cores": os.cpu_count(),
    }


def disk(folder: Path) -> dict[str, int] | None:
    """Space of the disk that a folder lies on, in bytes; None when the folder is not there."""
    try:
        space = shutil.disk_usage(folder)
    except OSError:
        return None
    return {"total": space.total, "free": space.free}


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None
