"""What the server and its fork server say to each other.

One message is one JSON object in one packet of a Unix socket (SOCK_SEQPACKET), with file
descriptors beside it where the message says so.

To the fork server: ``run`` (execution, call; descriptors: standard output, standard error, the
outcome, the progress, and a file with the call when that is too long for a packet), ``signal``
(execution, number). From it: ``ready`` (the catalogue is in the file given at start), ``started``
(execution, pid), ``refused`` (execution, error), ``ended`` (execution, status, cpu_seconds,
max_rss). Closing the socket ends the fork server and kills what still runs.
"""

import json
import os
import socket
from typing import Any

MARKER = "BOTS_EXECUTION_ID"
"""The environment variable by which all processes of a run can be found."""

NO_CLASS = "no class"
"""Key of an outcome that only says why the job class cannot be run."""

OUTCOME_LIMIT = 8 * 1024 * 1024
"""Bytes of result and report that are accepted of one run."""

PROGRESS_RECORD = 2048
"""Bytes of the file in which a run leaves how far it is: fraction and text as JSON, and blanks."""

CALL_IN_PACKET = 32 * 1024
"""Bytes of a call that go into the packet itself."""

_PACKET = 64 * 1024
_MOST_DESCRIPTORS = 5


def send(
    channel: socket.socket, message: dict[str, Any], descriptors: tuple[int, ...] = ()
) -> None:
    """Send one message. Raises OSError when the other side is gone."""
    socket.send_fds(channel, [json.dumps(message).encode()], descriptors)


def receive(channel: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """One message and its descriptors; None when the other side closed."""
    packet, descriptors, _flags, _address = socket.recv_fds(channel, _PACKET, _MOST_DESCRIPTORS)
    return (json.loads(packet) if packet else None), descriptors


def read_all(descriptor: int, limit: int) -> bytes:
    """The content of a file from its beginning, at most ``limit`` bytes."""
    parts: list[bytes] = []
    offset = 0
    while offset < limit and (part := os.pread(descriptor, limit - offset, offset)):
        parts.append(part)
        offset += len(part)
    return b"".join(parts)
