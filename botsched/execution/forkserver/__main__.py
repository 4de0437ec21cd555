"""The fork server: loads the job folders once, then forks a process for every run.

It stays single-threaded and small, and knows nothing of the database, the web or mail. It is
started with the number of its socket and of the file that takes the catalogue; the socket's first
message names the job folders.
"""

import gc
import json
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from botsched.catalog import Catalogue, load
from botsched.execution.forkserver.child import prepare_streams, run_child
from botsched.execution.forkserver.protocol import receive, send


class ForkServer:
    """Forks on request and reports every end."""

    def __init__(self, channel: socket.socket, catalogue: Catalogue) -> None:
        self._channel = channel
        self._catalogue = catalogue
        self._running: dict[int, str] = {}
        # Written to by the interpreter when a child ends, so that waiting ends too.
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)

    def serve(self) -> None:
        """Work until the other side closes the socket."""
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        # The server decides when we end; a Ctrl-C at its terminal is not for us.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with selectors.DefaultSelector() as selector:
            selector.register(self._channel, selectors.EVENT_READ)
            selector.register(self._wake_read, selectors.EVENT_READ)
            while self._serve_once(selector):
                pass
        for pid in self._running:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    def _serve_once(self, selector: selectors.BaseSelector) -> bool:
        for key, _events in selector.select():
            if key.fileobj is self._channel:
                message, descriptors = receive(self._channel)
                if message is None:
                    return False
                self._obey(message, descriptors)
            else:
                with suppress(BlockingIOError):
                    os.read(self._wake_read, 4096)
                self._reap()
        return True

    def _obey(self, message: dict[str, Any], descriptors: list[int]) -> None:
        if message["do"] == "run":
            self._fork(message, descriptors)
        else:
            self._signal(message["execution"], message["number"])

    def _fork(self, message: dict[str, Any], descriptors: list[int]) -> None:
        execution = message["execution"]
        try:
            pid = os.fork()
        except OSError as error:
            send(self._channel, {"what": "refused", "execution": execution, "error": str(error)})
        else:
            if pid == 0:
                self._become_child(message.get("call"), descriptors)
            self._running[pid] = execution
            send(self._channel, {"what": "started", "execution": execution, "pid": pid})
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _become_child(self, call: dict[str, Any] | None, descriptors: list[int]) -> NoReturn:
        signal.set_wakeup_fd(-1)
        self._channel.close()
        os.close(self._wake_read)
        os.close(self._wake_write)
        run_child(self._catalogue, call, descriptors)

    def _signal(self, execution: str, number: int) -> None:
        for pid, running in self._running.items():
            if running == execution:
                with suppress(ProcessLookupError):
                    os.killpg(pid, number)

    def _reap(self) -> None:
        while self._running:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if execution := self._running.pop(pid, None):
                ended = {
                    "execution": execution,
                    "status": os.waitstatus_to_exitcode(status),
                    "cpu_seconds": usage.ru_utime + usage.ru_stime,
                    "max_rss": usage.ru_maxrss * 1024,
                }
                send(self._channel, {"what": "ended"} | ended)


def main() -> None:
    """Take up the socket, load the job folders, say what was found, and serve."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    catalogue_file = int(sys.argv[2])
    settings, _descriptors = receive(channel)
    if settings is None:
        return
    # What job modules print while they are imported belongs to no run.
    sys.stdout = sys.stderr
    catalogue = load([Path(folder) for folder in settings["folders"]])
    os.pwrite(catalogue_file, json.dumps(catalogue.description().to_data()).encode(), 0)
    os.close(catalogue_file)
    prepare_streams()
    gc.collect()
    gc.disable()
    gc.freeze()
    with suppress(BrokenPipeError, ConnectionResetError):
        send(channel, {"what": "ready"})
        ForkServer(channel, catalogue).serve()


main()
