"""Commands: a program of one's own that reads JSON; its exit code says what becomes of the mail."""

import json
import os
import selectors
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import IO, Final

from botsched.errors import DeliveryError
from botsched.notify.channel import Notice
from botsched.notify.channels.direct import DirectChannel
from botsched.notify.channels.payload import payload
from botsched.notify.channels.words import told
from botsched.notify.delivery import Delivery
from botsched.settings.model import Command

_PASSED_ON: Final = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ")
_KEPT: Final = 2_000  # bytes of what it says
_LOOK_SECONDS: Final = 0.02  # how soon its end is seen, when it says nothing
_CHUNK: Final = 65_536  # a whole pipe


class CommandChannel(DirectChannel):
    """Runs the program once for each notice, never through a shell."""

    def __init__(self, command: Command) -> None:
        super().__init__(command)
        self._command = command

    def send(self, notice: Notice, recipients: Sequence[str]) -> Delivery:
        """Run it to its end. Raises DeliveryError."""
        body = json.dumps(payload(notice, self.name, recipients)).encode()
        with tempfile.TemporaryFile() as file:  # a pipe would wait for a program that does not read
            file.write(body)
            file.seek(0)
            with self._started(notice, file) as process:
                code, said = _ended(process, self._command.timeout)
        words = told(said, end=True)
        if code == 0:
            return self.accepted(words)
        raise self._fault(code, words)

    def _started(self, notice: Notice, file: IO[bytes]) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                self._command.argv,
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=self._command.folder,
                env=self._environment(notice),
                start_new_session=True,
            )
        except OSError as error:
            fault = f"{self._told()} cannot be started: {error.strerror}."
            raise DeliveryError(fault, permanent=False) from None

    def _environment(self, notice: Notice) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return kept | {
            "BOTS_MAIL_ID": notice.id,
            "BOTS_MAIL_CHANNEL": self.name,
            "BOTS_MAIL_SUBJECT": notice.subject,
        }

    def _fault(self, code: int | None, words: str) -> DeliveryError:
        said = f": {words}" if words else "."
        if code is None:
            fault = f"took longer than its {self._command.timeout:g} seconds and was killed{said}"
            return DeliveryError(f"{self._told()} {fault}", permanent=False, uncertain=True)
        if code < 0:
            names = {each.value: each.name for each in signal.Signals}
            name = names.get(-code, f"signal {-code}")  # most real-time ones have none
            fault = f"was killed by {name}{said}"
            return DeliveryError(f"{self._told()} {fault}", permanent=False, uncertain=True)
        fault = f"{self._told()} ended with exit code {code}{said}"
        return DeliveryError(fault, permanent=code != os.EX_TEMPFAIL)

    def _told(self) -> str:
        return f"Command {self.name!r} ({self._command.argv[0]})"


def _ended(process: subprocess.Popen[bytes], seconds: float) -> tuple[int | None, bytes]:
    """The exit code, None when it took too long, and the end of what it said.

    What it left running in its process group is killed.
    """
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    try:
        in_time, said = _watched(process.pid, process.stdout, monotonic() + seconds)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    code = process.wait()
    return (code if in_time else None), said


def _watched(pid: int, output: IO[bytes], end: float) -> tuple[bool, bytes]:
    """Whether it ended in time, and the end of what it said until then."""
    said = b""
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while not (ended := _has_ended(pid)) and (left := end - monotonic()) > 0:
            if selector.select(min(left, _LOOK_SECONDS)):
                chunk = _rest(output)
                said = (said + chunk)[-_KEPT:]
                if not chunk:
                    selector.unregister(output)
    return ended, (said + _rest(output))[-_KEPT:]


def _has_ended(pid: int) -> bool:
    """Whether the process has; it stays a zombie, so that nobody else gets the id of its group."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _rest(output: IO[bytes]) -> bytes:
    """What is in the pipe."""
    with suppress(BlockingIOError):
        return os.read(output.fileno(), _CHUNK)
    return b""
