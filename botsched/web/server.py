"""The scheduler's own web server, on loopback; the proxy stands before it."""

import errno
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from tornado.httpserver import HTTPServer

from botsched.errors import StartError
from botsched.settings.model import WebSettings
from botsched.web.application import GuardedApplication
from botsched.web.assets import Assets
from botsched.web.formats.jobs import JobTexts
from botsched.web.gate import Gate
from botsched.web.handler import Context
from botsched.web.logins import Logins
from botsched.web.services import Services
from botsched.web.streams import Streams

__all__ = ["Services", "WebServer"]

_ADDRESS: Final = "127.0.0.1"
_LONGEST_BODY_SECONDS: Final = 600.0
_UNLIMITED: Final = 2**62  # the gate counts, and refuses in our own words


class WebServer:
    """Serves from ``start`` to ``stop``, on the event loop that runs then.

    ``secret`` is what the proxy shows with each request. Without one, everybody on this machine
    is let in, as the user ``local``, by one of the names ``settings.hosts``.
    """

    def __init__(self, settings: WebSettings, services: Services, *, secret: str | None) -> None:
        self._settings = settings
        self._readers = ThreadPoolExecutor(settings.max_workers, "web-read")
        self._writers = ThreadPoolExecutor(settings.max_workers, "web-write")
        gate = Gate(secret, Logins(services.audit.login).seen, settings.hosts)
        context = Context(
            services, gate, self._readers, self._writers, JobTexts(), Streams(), Assets()
        )
        self._server = HTTPServer(
            GuardedApplication(context, settings),
            body_timeout=_LONGEST_BODY_SECONDS,
            max_body_size=_UNLIMITED,
        )
        self._port = settings.port

    @property
    def port(self) -> int:
        """Where it listens: the port asked for, or after ``start`` the free one found for 0."""
        return self._port

    def start(self) -> None:
        """Listen. Raises StartError when the port cannot be had."""
        listening = _listening(self._settings.port)
        self._port = listening.getsockname()[1]
        self._server.add_socket(listening)

    def stop(self) -> None:
        """Let in nobody more, and wait for what was begun, so that the database may be closed.

        To be called after the proxy has ended: an answer that is not out by now stays unsaid.
        """
        self._server.stop()
        self._readers.shutdown()
        self._writers.shutdown()


def _listening(port: int) -> socket.socket:
    try:
        listening = socket.create_server((_ADDRESS, port))
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"gives {error.strerror}"
        raise StartError(
            f"Port {port} of {_ADDRESS}, on which the scheduler listens, {reason}. Stop what "
            f"holds it, or choose another with --port; the scheduler takes the one above."
        ) from error
    listening.setblocking(False)
    return listening
