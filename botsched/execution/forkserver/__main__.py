"""The fork server: loads the job folders once, then forks a process for every run.

It stays single-threaded and small, and knows nothing of the database, the web or mail. It is
started with the number of its socket and of the file that takes the catalogue; the socket's first
message names the job folders, modules of the program beside them, and the hooks.
"""

import fcntl
import gc
import json
import os
import selectors
import signal
import socket
import sys
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from botsched.catalog import Catalogue, load
from botsched.execution.forkserver.child import prepare_streams, run_child
from botsched.execution.forkserver.protocol import receive, send
from botsched.execution.processes import kill_strays


class ForkServer:
    """Forks on request and reports every end."""

    def __init__(self, channel: socket.socket, catalogue: Catalogue) -> None:
        self._channel = channel
        self._catalogue = catalogue
        self._running: dict[int, str] = {}
        # What the server has not room for yet. It may be waiting for us: were we to wait for it
        # as well, both would wait for ever.
        self._unsent: deque[dict[str, Any]] = deque()
        channel.setblocking(False)
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
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._channel, selectors.EVENT_READ)
                selector.register(self._wake_read, selectors.EVENT_READ)
                while self._serve_once(selector):
                    self._send_unsent(selector)
        finally:
            self._kill_all()

    def _serve_once(self, selector: selectors.BaseSelector) -> bool:
        for key, events in selector.select():
            if key.fileobj is not self._channel:
                with suppress(BlockingIOError):
                    os.read(self._wake_read, 4096)
                self._reap()
            elif events & selectors.EVENT_READ:
                message, descriptors = receive(self._channel)
                if message is None:
                    return False
                self._obey(message, descriptors)
        return True

    def _send_unsent(self, selector: selectors.BaseSelector) -> None:
        with suppress(BlockingIOError):
            while self._unsent:
                send(self._channel, self._unsent[0])
                self._unsent.popleft()
        writing = selectors.EVENT_WRITE if self._unsent else 0
        selector.modify(self._channel, selectors.EVENT_READ | writing)

    def _kill_all(self) -> None:
        """Kill what still runs, and all that it started."""
        for execution in self._running.values():
            self._signal(execution, signal.SIGKILL)
        kill_strays(self._running.values())

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
            self._unsent.append({"what": "refused", "execution": execution, "error": str(error)})
        else:
            if pid == 0:
                self._become_child(message.get("call"), descriptors)
            self._running[pid] = execution
            self._unsent.append({"what": "started", "execution": execution, "pid": pid})
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
                try:
                    os.killpg(pid, number)
                except ProcessLookupError:  # just forked, it has no group of its own yet
                    os.kill(pid, number)

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
                self._unsent.append({"what": "ended"} | ended)


def main() -> None:
    """Take up the socket, load the job folders, say what was found, and serve."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    catalogue_file = int(sys.argv[2])
    settings, _descriptors = receive(channel)
    if settings is None:
        return
    # What job modules print while they are imported belongs to no run.
    sys.stdout = sys.stderr
    _end_when_closed(channel)
    folders = [Path(folder) for folder in settings["folders"]]
    catalogue = load(folders, settings["modules"], settings["hooks"])
    os.pwrite(catalogue_file, json.dumps(catalogue.description().to_data()).encode(), 0)
    os.close(catalogue_file)
    prepare_streams()
    gc.collect()
    gc.disable()
    gc.freeze()
    fcntl.fcntl(channel, fcntl.F_SETFL, 0)
    with suppress(BrokenPipeError, ConnectionResetError):
        send(channel, {"what": "ready"})
        ForkServer(channel, catalogue).serve()


def _end_when_closed(channel: socket.socket) -> None:
    """Have the kernel end us when the server is gone, also where a module hangs for ever.

    Until we are ready the server sends nothing more: the only event that can come, and brings
    SIGIO, is the closing of the socket.
    """
    fcntl.fcntl(channel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(channel, fcntl.F_SETFL, os.O_ASYNC)


main()
