"""Headers that every answer carries, whoever gives it."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

SECURITY: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""For data. What is looked at in a browser says instead what it may load."""

JSON: Final = "application/json; charset=utf-8"
CSV: Final = "text/csv; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
ANYTHING: Final = "application/octet-stream"
EVENTS: Final = "text/event-stream"
HTML: Final = "text/html; charset=utf-8"

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
MAIL: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "unsafe-none",
}
"""For the HTML of a mail, which our page shows in a frame: nothing but styles and pictures."""

OWN_PAGE_POLICY: Final = "frame-ancestors 'none'"
"""For a page of the operator's own, which knows best what it loads."""


def attachment(name: str) -> str:
    """What has a browser save a file under its name, whatever letters that has (RFC 6266)."""
    plain = re.sub(r"[^ !#-\[\]-~]|%", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
