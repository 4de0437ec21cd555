"""Keeps the proxy child running: starts it, watches it, starts it again when it dies."""

import logging
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Final

from botsched.errors import StartError
from botsched.proxy import launch
from botsched.proxy.options import ProxyOptions
from botsched.settings.model import ProxySettings

_log = logging.getLogger(__name__)

_STOP_WITHIN: Final = 5.0
_QUICK: Final = 10.0
"""A child that lives shorter than this, in seconds, is a quick failure."""
_MOST_QUICK_FAILURES: Final = 5
_FIRST_DELAY: Final = 0.5
_LONGEST_DELAY: Final = 30.0


class ProxySupervisor:
    """The proxy as seen by the program: it runs from ``start`` to ``stop``, whatever happens.

    ``on_gave_up`` is called with one sentence, in the supervisor's own thread, when the proxy has
    died so often and so fast that starting it again makes no sense.
    """

    def __init__(
        self, settings: ProxySettings, secret: str, on_gave_up: Callable[[str], None]
    ) -> None:
        self._options = ProxyOptions.of(settings, secret)
        self._on_gave_up = on_gave_up
        self._stopping = threading.Event()
        self._may_listen = threading.Event()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._started: Future[None] = Future()
        self._restarts = 0
        self._ready = False
        self._gave_up = False
        # The kernel ends the child with the thread that started it, so one thread does all starts.
        self._thread = threading.Thread(target=self._run, name="proxy-supervisor", daemon=True)

    @property
    def pid(self) -> int | None:
        """Process id of the child, None while there is none."""
        child = self._child
        return child.pid if child is not None and child.returncode is None else None

    @property
    def port(self) -> int:
        """The public port: the one asked for, or after ``start`` the free one found for 0."""
        return self._options.port

    @property
    def state(self) -> str:
        """``starting``, ``running``, ``restarting``, ``given up`` or ``stopped``."""
        if self._stopping.is_set():
            return "stopped"
        if self._gave_up:
            return "given up"
        if not self._started.done():
            return "starting"
        return "running" if self._ready else "restarting"

    @property
    def restarts(self) -> int:
        """How often a dead child was followed by one that became ready."""
        return self._restarts

    def prepare(self) -> None:
        """Have the child load what it needs, while it may not listen yet; that takes a while."""
        self._make_state_dir()
        self._thread.start()

    def start(self) -> None:
        """Return once the proxy accepts connections; StartError says why it does not."""
        if self._thread.ident is None:
            self.prepare()
        self._may_listen.set()
        self._started.result()

    def stop(self) -> None:
        """End the child; harmless when it has ended already or was never started."""
        with self._lock:
            self._stopping.set()
            self._may_listen.set()
            child = self._child
        if child is None:
            return
        child.terminate()
        self._thread.join(_STOP_WITHIN)
        if self._thread.is_alive():
            child.kill()
            self._thread.join(_STOP_WITHIN)

    def _make_state_dir(self) -> None:
        folder = self._options.state_dir
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        except OSError as error:
            raise StartError(
                f"The proxy's folder {folder} cannot be made and kept private: {error.strerror}."
            ) from error

    def _run(self) -> None:
        try:
            child = self._launch()
        except BaseException as error:  # noqa: BLE001  # start() raises it in the caller's thread
            self._started.set_exception(error)
        else:
            self._started.set_result(None)
            self._keep_running(child)

    def _keep_running(self, child: subprocess.Popen[bytes] | None) -> None:
        failures = 0
        fault = ""
        while True:
            born = time.monotonic()
            if child is not None:
                code = _wait(child)
                self._ready = False
                fault = f"The proxy {launch.ending(code)}."
            if self._stopping.is_set():
                return
            failures = failures + 1 if time.monotonic() - born < _QUICK else 1
            if failures == _MOST_QUICK_FAILURES:
                self._gave_up = True
                self._on_gave_up(f"The proxy was started {failures} times in vain. {fault}")
                return
            delay = min(_FIRST_DELAY * 2 ** (failures - 1), _LONGEST_DELAY)
            _log.warning("%s It is started again in %g s.", fault, delay)
            if self._stopping.wait(delay):
                return
            try:
                child = self._launch()
                self._restarts += 1
            except StartError as error:
                child, fault = None, str(error)

    def _launch(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._stopping.is_set():
                raise StartError("The proxy is being stopped.")
            child = self._child = launch.spawn()
        self._may_listen.wait()
        port = launch.hand_over(child, self._options)
        self._options = replace(self._options, port=port)
        self._ready = True
        return child


def _wait(child: subprocess.Popen[bytes]) -> int:
    """Wait for the end of a child and close the life line to it."""
    with child:
        return child.wait()
