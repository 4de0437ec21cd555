"""Our end of a fork server: start it, talk to it, end it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from botsched.catalog import CatalogueDescription
from botsched.errors import ExecutionError
from botsched.execution.forkserver.protocol import CALL_IN_PACKET, read_all, receive, send

_MODULE = "botsched.execution.forkserver"
_CATALOGUE_LIMIT = 64 * 1024 * 1024
_CLOSE_SECONDS = 5.0


class ForkServerLink:
    """One fork server process. It must be made in a thread that outlives it."""

    def __init__(
        self,
        folders: Sequence[Path],
        modules: Sequence[str] = (),
        environment: Sequence[tuple[str, str]] = (),
        hooks: str | None = None,
    ) -> None:
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._catalogue_file = os.memfd_create("catalogue")
        descriptors = (theirs.fileno(), self._catalogue_file)
        with theirs:
            self._process = subprocess.Popen(
                # -P: what lies in the working folder is not imported.
                [sys.executable, "-P", "-m", _MODULE, *map(str, descriptors)],
                stdin=subprocess.DEVNULL,
                pass_fds=descriptors,
                env=os.environ | dict(environment),
                start_new_session=True,
            )
        sources = {
            "folders": [str(folder) for folder in folders],
            "modules": list(modules),
            "hooks": hooks,
        }
        send(self.channel, sources)

    @property
    def pid(self) -> int:
        """The fork server's process."""
        return self._process.pid

    def catalogue(self) -> CatalogueDescription:
        """What was found in the job folders, once ``ready`` was received."""
        data = json.loads(read_all(self._catalogue_file, _CATALOGUE_LIMIT))
        return CatalogueDescription.from_data(data)

    def run(self, call: dict[str, Any], descriptors: tuple[int, int, int, int]) -> None:
        """Ask for a process for this call, with its output, error output, outcome and progress.

        Raises ExecutionError when the fork server is gone.
        """
        message = {"do": "run", "execution": call["execution_id"]}
        content = json.dumps(call).encode()
        if len(content) <= CALL_IN_PACKET:
            self._send(message | {"call": call}, descriptors)
            return
        file = os.memfd_create("call")
        try:
            os.pwrite(file, content, 0)
            self._send(message, (*descriptors, file))
        finally:
            os.close(file)

    def signal(self, execution_id: str, number: int) -> None:
        """Send a signal to all processes of a run that did not leave its process group."""
        self._send({"do": "signal", "execution": execution_id, "number": int(number)})

    def receive(self) -> dict[str, Any] | None:
        """The next message; None when the fork server is gone."""
        try:
            return receive(self.channel)[0]
        except ConnectionResetError:
            return None

    def kill(self) -> None:
        """End the fork server at once, whatever it is doing; to be closed afterwards."""
        self._process.kill()

    def close(self) -> None:
        """End the fork server, and kill what it still runs."""
        self.channel.close()
        os.close(self._catalogue_file)
        try:
            self._process.wait(_CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        try:
            send(self.channel, message, descriptors)
        except OSError as error:
            raise ExecutionError(f"The process that starts jobs is gone: {error}.") from error
