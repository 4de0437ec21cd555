"""Who is at the terminal."""

import os
import pwd


def login_name() -> str:
    """The name of the user whose process this is; the number of one who has none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def has_user(name: str) -> bool:
    """Whether this machine knows the user; a number stands for itself."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return name.isdecimal()
    return True
