"""Helpers of the jobs beside; modules whose names begin with _ are not searched for jobs."""

import math

from botscheduler import JobError


def number(value, name, minimum=0, maximum=math.inf):
    """Read a number given as 80 or as "80"."""
    try:
        result = float(value)
    except (TypeError, ValueError):
        raise JobError(f"{name} must be a number, not {value!r}.") from None
    if not minimum <= result <= maximum:
        limits = f"at least {minimum}" if maximum == math.inf else f"{minimum} to {maximum}"
        raise JobError(f"{name} must be {limits}, not {value!r}.")
    return int(result) if result.is_integer() else result


def port_number(value):
    """Read a TCP port given as 80 or as "80"."""
    port = number(value, "The port", 1, 65535)
    if not isinstance(port, int):
        raise JobError(f"The port must be a whole number, not {value!r}.")
    return port


def flag(value, name):
    """Read yes or no given as true or as "true"."""
    if str(value).lower() not in ("true", "false"):
        raise JobError(f"{name} must be true or false, not {value!r}.")
    return str(value).lower() == "true"


def several(value):
    """Read one or more words: a list, or a text with commas or blanks between them."""
    words = value if isinstance(value, list) else str(value).replace(",", " ").split()
    return [str(word) for word in words]


def size(count):
    """Write a number of bytes as people read it: 1536 is 1.5 KiB."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.1f} {unit}" if unit != "B" else f"{count} B"
        count /= 1024
    return f"{count:.1f} TiB"
