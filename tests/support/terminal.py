"""Somebody at a terminal of 80 columns, who answers what is asked."""

import codecs
import fcntl
import os
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
_SIZE = struct.pack("HHHH", 24, 80, 0, 0)


def type_at_terminal(
    folder: Path, command: Sequence[str], lines: Sequence[str], environ: Mapping[str, str] = {}
) -> tuple[int, str]:
    """Answer each prompt of a command with the next line; return exit code and screen."""
    terminal, inside = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, _SIZE)
    screen = ""
    text = codecs.getincrementaldecoder("utf-8")()  # a character may come in two pieces
    with subprocess.Popen(
        [sys.executable, "-m", "botsched", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(TREE), **environ},
        stdin=inside,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
    ) as process:
        os.close(inside)
        for line in lines:
            asked = ""
            while not asked.endswith(": "):
                asked += text.decode(os.read(terminal, 1024))
            screen += asked
            os.write(terminal, f"{line}\n".encode())
        while True:
            try:
                screen += text.decode(os.read(terminal, 1024))
            except OSError:  # the other side has closed it
                break
    os.close(terminal)
    return process.returncode, screen
