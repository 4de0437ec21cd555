"""Tornado's application, with the gate before it."""

import logging
from pathlib import Path

from tornado.httputil import HTTPConnection, HTTPMessageDelegate
from tornado.routing import URLSpec
from tornado.web import Application, RequestHandler

from botsched.settings.model import WebSettings
from botsched.web.assets import VERSIONED
from botsched.web.guarded import Guarded
from botsched.web.handler import Context, Unknown
from botsched.web.handlers import ROUTES
from botsched.web.handlers.page import OwnFile, OwnPage, VersionedFile

log = logging.getLogger(__name__)


class GuardedApplication(Application):
    """Answers only what the gate admits."""

    def __init__(self, context: Context, settings: WebSettings) -> None:
        routes = [(VERSIONED, VersionedFile), *((each.pattern, each.handler) for each in ROUTES)]
        files, *ours = [URLSpec(*route, {"context": context}) for route in routes]
        super().__init__(
            [files, *_own(context, settings.index_page, settings.static_dir), *ours],
            default_handler_class=Unknown,
            log_function=_log_request,
        )
        self._gate = context.gate

    def start_request(
        self, server_conn: object, request_conn: HTTPConnection
    ) -> HTTPMessageDelegate:
        """Called by tornado for each request."""
        inner = super().start_request(server_conn, request_conn)
        return Guarded(self._gate, request_conn, inner)


def _own(context: Context, index: Path | None, folder: Path | None) -> list[URLSpec]:
    """Where a page of the operator's own takes the place of ours."""
    if folder is None:
        return []
    page = {"context": context, "index": index or folder / "index.html"}
    return [
        URLSpec(r"/", OwnPage, page),
        URLSpec(r"/static/(.*)", OwnFile, {"path": str(folder)}),
    ]


def _log_request(handler: RequestHandler) -> None:
    request = handler.request
    log.debug(
        "%d %s %s %.1f ms", handler.get_status(), request.method, request.path,
        1000 * request.request_time(),
    )  # fmt: skip
