"""The gate: no request passes it without right credentials."""

import asyncio
import logging
import random
import re
from typing import Final

from mitmproxy.connection import Client
from mitmproxy.http import HTTPFlow, Request

from botsched.proxy.child import refusal
from botsched.proxy.child.connections import Connections
from botsched.proxy.child.identity_headers import forwarded
from botsched.proxy.child.limits import Limits
from botsched.proxy.child.login import Login, Refused, Verdict
from botsched.proxy.child.refusal import Refusal

_log = logging.getLogger(__name__)

USER: Final = "user"
"""Key of the logged-in user's name in a flow's metadata."""

_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")
_LARGEST_REFUSED_BODY: Final = 64 * 1024
_PENALTY: Final = (0.5, 1.5)
_CHANCE: Final = random.SystemRandom()  # the guilty shall not all come back at the same moment


class Gate:
    """Judges each request by its headers, before anything of it can reach the server.

    mitmproxy forwards a request when an addon fails, so every failure becomes a refusal here.
    """

    def __init__(self, login: Login, connections: Connections, limits: Limits, secret: str) -> None:
        self._login = login
        self._connections = connections
        self._limits = limits
        self._secret = secret

    async def requestheaders(self, flow: HTTPFlow) -> None:
        try:
            answer = await self._judge(flow)
        except Exception:  # noqa: BLE001  # fail closed, whatever it is
            _log.exception("A request is refused because the proxy failed.")
            answer = refusal.INTERNAL
        if answer is not None:
            _refuse(flow, answer)

    async def _judge(self, flow: HTTPFlow) -> Refusal | None:
        """Prepare a request that may pass, or return the answer to one that may not."""
        client, request = flow.client_conn, flow.request
        if not client.tls_established:
            return _unencrypted(request)
        if request.authority or not request.path.startswith(("/", "*")):
            return refusal.NOT_OURS
        if len(_values(request, b"host")) != 1:
            return refusal.MALFORMED
        credentials = _values(request, b"authorization")
        if len(credentials) != 1:
            asking = "x-requested-with" in request.headers
            return refusal.NOT_LOGGED_IN if asking else refusal.LOGIN_WANTED
        address = client.peername[0]
        verdict: Verdict | None = self._login.recall(credentials[0])
        if verdict is None:
            verdict = await self._look_at(credentials[0], client)
        if isinstance(verdict, Refused):
            return _turned_away(verdict, request)
        self._limits.welcome(client)
        request.headers.fields = forwarded(
            request.headers.fields, verdict.user, address, self._secret
        )
        request.stream = True  # a body goes to the server as it comes in
        flow.metadata[USER] = verdict.user
        return None

    async def _look_at(self, credentials: bytes, client: Client) -> Verdict:
        """Nothing more is read from the client meanwhile; one who goes on guessing has to wait."""
        async with self._connections.paused(client.id):
            verdict = await self._login.check(credentials, client.peername[0])
            if isinstance(verdict, Refused) and verdict.retry_after:
                await asyncio.sleep(_CHANCE.uniform(*_PENALTY))
            return verdict


def _values(request: Request, name: bytes) -> list[bytes]:
    return [value for key, value in request.headers.fields if key.lower() == name]


def _turned_away(verdict: Refused, request: Request) -> Refusal:
    if not verdict.retry_after:
        by_script = request.headers.get("sec-fetch-dest") == "empty"
        return refusal.NOT_LOGGED_IN if by_script else refusal.LOGIN_WANTED
    return refusal.too_many_tries(max(1.0, verdict.retry_after))


def _unencrypted(request: Request) -> Refusal:
    host = request.host_header or ""
    if request.method in ("GET", "HEAD") and _HOST.fullmatch(host) and request.path[:1] == "/":
        return refusal.moved_to_https(host, request.path)
    return refusal.NOT_ENCRYPTED


def _refuse(flow: HTTPFlow, answer: Refusal) -> None:
    flow.request.stream = False
    flow.response = answer.response()
    if _has_large_body(flow.request):
        flow.kill()  # it would be read into memory first, only to be thrown away


def _has_large_body(request: Request) -> bool:
    if "transfer-encoding" in request.headers:
        return True
    return int(request.headers.get("content-length", "0")) > _LARGEST_REFUSED_BODY
