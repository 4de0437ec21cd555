"""Whether a server is running on a database file."""

import fcntl
from pathlib import Path


def is_running(database: Path) -> bool:
    """Tell whether a server holds this SQLite file, under whatever name."""
    try:
        with database.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
