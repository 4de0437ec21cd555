"""Programs that run side by side and are told of one after another.

Used by ``tests/run`` before the right Python is found: Python 3.6, standard library only.
"""

import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import List, Optional

_INTERVAL = 0.05  # seconds between two looks at what is going on
_PATIENCE = 20.0  # seconds for a part to end and clean up after it was interrupted
_ATTEMPTS = 3  # a test may take an interrupt for its own
_ESCAPES = re.compile(rb"\x1b\[[0-9;]*m")


class Part:
    """A program, and what it prints."""

    def __init__(self, name: str, command: List[str]) -> None:
        self.name = name
        self.command = command
        self._process = None  # type: Optional[subprocess.Popen[bytes]]
        self._named = False
        self._told = 0
        self._tail = b""

    @property
    def is_started(self) -> bool:
        """Whether it runs or has run."""
        return self._process is not None

    @property
    def is_running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def code(self) -> Optional[int]:
        """Its exit code, once it has ended."""
        return self._process.poll() if self._process else None

    @property
    def last_line(self) -> str:
        """The end of what has been told of it, without colours."""
        line = self._tail.rstrip().rpartition(b"\n")[2]
        return _ESCAPES.sub(b"", line).decode(errors="replace")

    def start(self, folder: Path, output: Path) -> None:
        """Start it, out of reach of a Ctrl-C at the terminal: it gets one signal, from us."""
        self._output = output
        with output.open("wb") as file:
            self._process = subprocess.Popen(
                self.command,
                cwd=str(folder),
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def send(self, number: int) -> None:
        """Send it a signal if it still runs."""
        if self._process is not None:
            self._process.send_signal(number)

    def tell(self) -> None:
        """Pass on what it has printed since the last time."""
        if not self._named:
            print("--- {}".format(self.name), flush=True)
            self._named = True
        with self._output.open("rb") as file:
            file.seek(self._told)
            new = file.read()
        self._told += len(new)
        self._tail = (self._tail + new)[-1000:]
        sys.stdout.buffer.write(new)
        sys.stdout.buffer.flush()


def run(parts: List[Part], folder: Path, at_once: int) -> None:
    """Run the parts, so many at once, and pass on their output in their order, as it comes.

    Raises KeyboardInterrupt after those that run have been interrupted, have ended and been told.
    """
    with tempfile.TemporaryDirectory() as outputs:
        try:
            for part in parts:
                while part.code is None:
                    _start_next(parts, folder, at_once, Path(outputs))
                    part.tell()
                    time.sleep(_INTERVAL)
                part.tell()
        except KeyboardInterrupt:
            _interrupt([part for part in parts if part.is_started])
            raise


def _start_next(parts: List[Part], folder: Path, at_once: int, outputs: Path) -> None:
    free = at_once - sum(part.is_running for part in parts)
    waiting = [part for part in parts if not part.is_started]
    for part in waiting[:free]:
        part.start(folder, outputs / str(parts.index(part)))


def _interrupt(parts: List[Part]) -> None:
    try:
        for _ in range(_ATTEMPTS):
            for part in parts:
                part.send(signal.SIGINT)
            _wait(parts)
    finally:  # after a second Ctrl-C not everything has ended
        for part in parts:
            part.send(signal.SIGKILL)
            part.tell()


def _wait(parts: List[Part]) -> None:
    end = time.monotonic() + _PATIENCE
    while any(part.is_running for part in parts) and time.monotonic() < end:
        time.sleep(_INTERVAL)
