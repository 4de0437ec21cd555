"""Headers that keep browsers from doing what pages of a scheduler never need."""

from collections.abc import Mapping
from typing import Final

from mitmproxy.http import HTTPFlow

_DEFAULTS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
}
_STRICT_TRANSPORT: Final = f"max-age={30 * 24 * 3600}"


class SecurityHeaders:
    """Adds what the server has not said itself, and drops what tells strangers of its software.

    Strict-Transport-Security is remembered by browsers for all ports of a host: it would cut off
    other services there that have no certificate, and lock people out when this one's is a
    throw-away. So it is sent only on port 443 with a certificate of the operator's own.
    """

    def __init__(self, *, strict_transport: bool) -> None:
        self._headers = dict(_DEFAULTS)
        if strict_transport:
            self._headers["Strict-Transport-Security"] = _STRICT_TRANSPORT

    def responseheaders(self, flow: HTTPFlow) -> None:
        assert flow.response is not None
        headers = flow.response.headers
        present = {name.lower() for name, _ in headers.fields}
        missing = [
            (name.encode(), value.encode())
            for name, value in self._headers.items()
            if name.lower().encode() not in present
        ]
        kept = [field for field in headers.fields if field[0].lower() != b"server"]
        headers.fields = (*kept, *missing)
