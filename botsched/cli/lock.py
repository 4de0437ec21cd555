"""Whether a server is running on a database file."""

import fcntl
from pathlib import Path

from botsched.errors import StartError


def is_running(database: Path) -> bool:
    """Tell whether a server holds this SQLite file, under whatever name.

    Raises StartError when the file cannot be looked at.
    """
    try:
        with database.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StartError(f"The database {database} cannot be opened: {error.strerror}.") from None
    return False
