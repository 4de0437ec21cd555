"""A copy of the operator's certificate that cannot change under mitmproxy's hands."""

import os
from pathlib import Path

from botsched.errors import SettingsError
from botsched.proxy.certificate import check_certificate


def checked_copy(path: Path) -> Path:
    """Copy the certificate as it is now into memory and return a path to that.

    mitmproxy reads the chain again by its path when a browser connects, and remembers it by that
    path for good: a file half-written would break connections, and a renewed chain be overlooked.
    The copies are kept, so each has a path of its own; there is one for each renewal.
    """
    descriptor = os.memfd_create("certificate")
    copy = Path(f"/proc/self/fd/{descriptor}")
    try:
        os.write(descriptor, path.read_bytes())
        check_certificate(copy, name=path)
    except OSError as error:
        os.close(descriptor)
        raise SettingsError(f"Cannot read the certificate {path}: {error.strerror}.") from error
    except SettingsError:
        os.close(descriptor)
        raise
    return copy
