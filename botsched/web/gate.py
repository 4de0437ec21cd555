"""The gate: judges each request by its head, before anything of its body is read."""

import hmac
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from tornado.httputil import HTTPHeaders

from botsched.errors import TooLargeError
from botsched.proxy.identity import SECRET_HEADER, USER_HEADER, decode_user
from botsched.web.errors import ForbiddenError, MediaTypeError

UPLOAD_PATH: Final = "/api/v1/files"
EVENTS_PATH: Final = "/api/v1/events"
_MIB: Final = 1024 * 1024
LARGEST_BODY: Final = _MIB
LARGEST_UPLOAD: Final = 64 * _MIB
_AROUND_UPLOAD: Final = 64 * 1024
LOCAL_USER: Final = "local"

_READING: Final = frozenset({"GET", "HEAD"})
_OWN_SITE: Final = frozenset({"same-origin", "none"})


class Gate:
    """``secret`` is what the proxy shows; None means that there is no proxy to show it.

    ``on_admitted`` is called with the user and the client's address. Without a proxy, requests
    are to be for one of ``hosts``.
    """

    def __init__(
        self,
        secret: str | None,
        on_admitted: Callable[[str, str], None],
        hosts: frozenset[str] = frozenset(),
    ) -> None:
        self._secret = None if secret is None else secret.encode()
        self._on_admitted = on_admitted
        self._hosts = hosts

    def admit(self, method: str, path: str, headers: HTTPHeaders) -> int:
        """Let a request pass, and say how many bytes its body may have.

        Raises ForbiddenError, MediaTypeError or TooLargeError.
        """
        if self._secret is None:
            self._check_host(headers.get("Host", ""))
        else:
            self._check_secret(self._secret, headers)
        user = self.user(headers)
        # A page of another site could read no stream, but take all that a user may have.
        if method not in _READING or path == EVENTS_PATH:
            _check_origin(headers)
        upload = method == "POST" and path == UPLOAD_PATH
        if _has_body(headers):
            _check_media_type(headers, upload=upload)
        limit = LARGEST_UPLOAD + _AROUND_UPLOAD if upload else LARGEST_BODY
        if _stated_length(headers) > limit:
            raise too_large(limit)
        if self._secret is not None:
            self._on_admitted(user, headers.get("X-Forwarded-For", "unknown"))
        return limit

    def user(self, headers: HTTPHeaders) -> str:
        """Who asks, as the proxy says. Raises ForbiddenError when it says nothing."""
        if self._secret is None:
            return LOCAL_USER
        try:
            user = decode_user(headers.get(USER_HEADER, ""))
        except ValueError:
            user = ""
        if not user:
            raise ForbiddenError("The proxy did not say who is logged in.")
        return user

    def _check_host(self, host: str) -> None:
        """A page whose own name was made to lead to this machine is, to a browser, our page."""
        if _name_of(f"//{host}") not in self._hosts:
            raise ForbiddenError(
                f"Without a proxy, requests are answered for {', '.join(sorted(self._hosts))} "
                f"only, not for {host!r:.80}. A reverse proxy's name is allowed by --public-url."
            )

    @staticmethod
    def _check_secret(secret: bytes, headers: HTTPHeaders) -> None:
        given = headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, secret):
            raise ForbiddenError(
                "This port is for the scheduler's own proxy. Use the https address instead, "
                "by default on the port below this one, and log in there."
            )


def too_large(limit: int) -> TooLargeError:
    """The error for a body above this many bytes."""
    return TooLargeError(f"The body is too large; here at most {limit // _MIB} MiB are taken.")


def _check_origin(headers: HTTPHeaders) -> None:
    """Browsers repeat a login by themselves, also for what a page of another site makes them send.

    They say where such a request comes from; programs that are no browsers say nothing.
    """
    site = headers.get("Sec-Fetch-Site")
    origin = headers.get("Origin")
    foreign_site = site is not None and site.lower() not in _OWN_SITE
    foreign_origin = origin is not None and _host_of(origin) != headers.get("Host", "").lower()
    if foreign_site or foreign_origin:
        raise ForbiddenError(
            f"A page of another site ({origin or site}) may not do this here. "
            "Use the scheduler's own page, or a program that sends no Origin."
        )


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _name_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _has_body(headers: HTTPHeaders) -> bool:
    return "Transfer-Encoding" in headers or headers.get("Content-Length", "0") != "0"


def _check_media_type(headers: HTTPHeaders, *, upload: bool) -> None:
    """Forms are refused: pages of other sites can send them, and their parsing can be made slow."""
    given = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if upload:
        if given != "multipart/form-data":
            raise MediaTypeError(
                f"A file is sent as multipart/form-data, not as {given or 'nothing said'}; "
                f"with curl: -F file=@NAME."
            )
    elif given and given != "application/json" and not given.endswith("+json"):
        raise MediaTypeError(
            f"A body of type {given} is not taken here; send JSON and say so: "
            "Content-Type: application/json (curl: --json, or -H 'Content-Type: application/json')."
        )


def _stated_length(headers: HTTPHeaders) -> int:
    stated = headers.get("Content-Length", "0")
    # What is no number is refused where the body would be read.
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 20 else 0
