"""Trying what the server would do: listen on a port, write into a folder."""

import errno
import os
import socket
import tempfile
from pathlib import Path

IN_USE = os.strerror(errno.EADDRINUSE)


def port_fault(host: str, port: int) -> str | None:
    """Return why nothing can listen there; an empty host stands for all addresses."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        return os.strerror(error.errno or errno.EINVAL)
    return None


def folder_fault(folder: Path) -> str | None:
    """Return why nothing can be written into a folder, or the one above that is to hold it."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"nothing can be written to {folder}: {error.strerror}"
