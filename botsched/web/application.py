"""Tornado's application, with the gate before it."""

import logging
from pathlib import Path

from tornado.httputil import HTTPConnection, HTTPMessageDelegate
from tornado.routing import URLSpec
from tornado.web import Application, RequestHandler

from botsched.web import assets
from botsched.web.guarded import Guarded
from botsched.web.handler import Context, Unknown
from botsched.web.handlers import ROUTES
from botsched.web.handlers.page import OwnFile, VersionedFile

log = logging.getLogger(__name__)


class GuardedApplication(Application):
    """Answers only what the gate admits."""

    def __init__(self, context: Context, static_dir: Path | None) -> None:
        ours = [URLSpec(route.pattern, route.handler, {"context": context}) for route in ROUTES]
        super().__init__(
            [*_files(static_dir), *ours], default_handler_class=Unknown, log_function=_log_request
        )
        self._gate = context.gate

    def start_request(
        self, server_conn: object, request_conn: HTTPConnection
    ) -> HTTPMessageDelegate:
        """Called by tornado for each request."""
        inner = super().start_request(server_conn, request_conn)
        return Guarded(self._gate, request_conn, inner)


def _files(own: Path | None) -> list[URLSpec]:
    ours = URLSpec(assets.VERSIONED, VersionedFile, {"path": str(assets.FOLDER)})
    if own is None:
        return [ours]
    page = {"path": str(own), "default_filename": "index.html"}
    return [
        ours,
        URLSpec(r"/()", OwnFile, page),
        URLSpec(r"/static/(.*)", OwnFile, {"path": str(own)}),
    ]


def _log_request(handler: RequestHandler) -> None:
    request = handler.request
    log.debug(
        "%d %s %s %.1f ms", handler.get_status(), request.method, request.path,
        1000 * request.request_time(),
    )  # fmt: skip
