"""Two things that mitmproxy's HTTP/1 lacks: a limit on headers, and error answers of our own."""

import logging
from typing import Final

from h11._receivebuffer import ReceiveBuffer
from mitmproxy.net.http.http1 import assemble_response
from mitmproxy.proxy.layers.http import _http1

from botsched.proxy.child import refusal

_log = logging.getLogger(__name__)

_LARGEST_HEAD: Final = 32 * 1024
_NOT_HTTP: Final = [bytearray(b"\0")]
_REFUSALS: Final = {400: refusal.MALFORMED, 502: refusal.NO_SERVER}


class LimitedReceiveBuffer(ReceiveBuffer):
    """Gives out nonsense in place of too large a head, which the parser then refuses with 400."""

    def maybe_extract_lines(self) -> list[bytearray] | None:
        size = len(self)
        lines = super().maybe_extract_lines()
        head = size if lines is None else size - len(self)
        return lines if head <= _LARGEST_HEAD else _NOT_HTTP


def error_response(status_code: int, message: str = "") -> bytes:  # noqa: ARG001  # has details
    """Bytes of an answer where there is no flow to put one into; the connection then closes."""
    answer = _REFUSALS.get(status_code) or refusal.Refusal(status_code, "The request failed.")
    response = answer.response()
    response.headers["Connection"] = "close"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return bytes(assemble_response(response))


def amend() -> None:
    """Put ours in mitmproxy's place; a version that has no such place is named in the log."""
    for name, ours in (
        ("ReceiveBuffer", LimitedReceiveBuffer),
        ("make_error_response", error_response),
    ):
        if hasattr(_http1, name):
            setattr(_http1, name, ours)
        else:
            _log.warning("This version of mitmproxy has no %s to amend.", name)
