"""Answers of the proxy itself, in the one shape that all errors have: ``{"error": "..."}``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from mitmproxy.http import Response

_HEADERS: Final = {"Content-Type": "application/json", "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer instead of the server's."""

    status: int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The answer as mitmproxy's, with the headers that every refusal bears."""
        body = json.dumps({"error": self.message}).encode() + b"\n"
        response = Response.make(self.status, body, {**_HEADERS, **self.headers})
        response.reason = HTTPStatus(self.status).phrase  # some versions do not know them all
        return response


LOGIN_WANTED: Final = Refusal(
    401,
    "Log in with your user name and password.",
    {"WWW-Authenticate": 'Basic realm="bots-scheduler", charset="UTF-8"'},
)
NOT_LOGGED_IN: Final = Refusal(401, LOGIN_WANTED.message)
"""For the page's own requests: without a challenge, so that it is told, and no dialogue opened."""

NOT_ENCRYPTED: Final = Refusal(400, "This port speaks https only.")
NOT_OURS: Final = Refusal(400, "This server answers for itself only; ask for a path.")
MALFORMED: Final = Refusal(400, "The request is malformed.")
NO_SERVER: Final = Refusal(502, "The scheduler does not answer; it may be starting. Try again.")
INTERNAL: Final = Refusal(500, "The proxy has failed; its log says more.")


def too_many_tries(seconds: float) -> Refusal:
    """Login tries have come too fast; closing lets others have their turn to connect."""
    wait = f"{seconds:.0f}"
    return Refusal(
        429,
        f"Too many login tries; wait {wait} second{'' if wait == '1' else 's'}.",
        {"Retry-After": wait, "Connection": "close"},
    )


def moved_to_https(host: str, path: str) -> Refusal:
    """The same address with https. 308 keeps the method."""
    return Refusal(308, "This port speaks https only.", {"Location": f"https://{host}{path}"})
