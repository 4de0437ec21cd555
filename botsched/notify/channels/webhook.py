"""Web hooks: a POST of JSON, signed, whose answer says what becomes of the mail."""

import json
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from botsched import __version__
from botsched.domain.signature import signature, signing_key
from botsched.errors import DeliveryError
from botsched.notify.channel import Notice
from botsched.notify.channels.direct import OutletChannel
from botsched.notify.channels.payload import payload
from botsched.notify.channels.webfaults import line_fault
from botsched.notify.channels.words import told
from botsched.notify.delivery import Delivery
from botsched.settings.model import Webhook

_LATER: Final = frozenset({408, 425, 429}) | frozenset(range(500, 600))
"""What the server asks for, or cannot help, now."""

_OF_THE_HOOK: Final = frozenset({401, 403, 404, 405, 407, 410}) | frozenset(range(300, 400))
"""What is said of address and login, not of the mail: mended in the settings, as a password is."""

_READ: Final = 2_000  # bytes of an answer, for its words


class WebhookChannel(OutletChannel):
    """Posts each notice by a connection of its own; ``clock`` gives seconds since 1970."""

    def __init__(self, hook: Webhook, clock: Callable[[], float] = time.time) -> None:
        super().__init__(hook)
        self._hook = hook
        self._clock = clock

    def open(self) -> AbstractContextManager["WebhookLine"]:
        """Read the authorities of certificates, which takes longer than a notice."""
        return nullcontext(WebhookLine(self._hook, self._clock))


class WebhookLine:
    """The same authorities for several notices."""

    def __init__(self, hook: Webhook, clock: Callable[[], float]) -> None:
        self._hook = hook
        self._clock = clock
        self._key = signing_key(hook.secret) if hook.secret else None
        self._opener = _opener()

    def send(self, notice: Notice, recipients: Sequence[str]) -> Delivery:
        """Post it. Raises DeliveryError."""
        body = json.dumps(payload(notice, self._hook.name, recipients)).encode()
        headers = self._headers(notice.id, body)
        request = Request(self._hook.url, body, headers, method="POST")  # noqa: S310  http, https
        try:
            with self._opener.open(request, timeout=self._hook.timeout) as answer:
                words = self._words(answer.status, answer.reason, answer)
        except HTTPError as error:
            with error:
                raise self._refused(error) from None
        except URLError as error:  # before it was sent as a whole
            raise self._failed(error.reason) from None
        except UnicodeError as error:  # no host can have such a name
            raise self._failed(error) from None
        except (OSError, HTTPException) as error:
            raise self._failed(error, uncertain=True) from None
        return Delivery((self._hook.name,), words=words)

    def _headers(self, message_id: str, body: bytes) -> dict[str, str]:
        now = int(self._clock())
        headers = dict(self._hook.headers) | {
            "Content-Type": "application/json",
            "User-Agent": f"bots-scheduler/{__version__}",
            "webhook-id": message_id,
            "webhook-timestamp": str(now),
        }
        if self._key:
            headers["webhook-signature"] = signature(self._key, message_id, now, body)
        return headers

    def _refused(self, error: HTTPError) -> DeliveryError:
        words = self._words(error.code, error.reason, error)
        if 300 <= error.code <= 399:
            words += "; redirections are not followed, so put the new address into 'url'"
        elif error.code in _OF_THE_HOOK:
            words += "; check 'url', 'headers' and 'secret'"
        wait = _wait(error.headers.get("Retry-After"), self._clock())
        return self._fault(
            f"it answered {words}.",
            permanent=error.code not in _LATER | _OF_THE_HOOK,
            retry_after=wait if error.code in _LATER else None,
        )

    def _failed(self, reason: object, *, uncertain: bool = False) -> DeliveryError:
        fault = line_fault(reason, self._hook.timeout, sent=uncertain)
        return self._fault(fault, permanent=False, uncertain=uncertain)

    def _fault(
        self,
        fault: str,
        *,
        permanent: bool,
        uncertain: bool = False,
        retry_after: float | None = None,
    ) -> DeliveryError:
        host = urlsplit(self._hook.url).netloc
        return DeliveryError(
            f"Web hook {self._hook.name!r} ({host}): {told(fault, self._secrets())}",
            permanent=permanent,
            uncertain=uncertain,
            retry_after=retry_after,
        )

    def _words(self, status: int, reason: str, answer: HTTPResponse | HTTPError) -> str:
        said = b""
        with suppress(OSError, HTTPException):  # it has answered, and that is what counts
            said = answer.read1(_READ)
        words = told(said, self._secrets())
        return told(f"{status} {reason}" + (f" ({words})" if words else ""), self._secrets())

    def _secrets(self) -> list[str]:
        url = urlsplit(self._hook.url)
        address = [self._hook.url, url.path, url.query]
        values = [value for _, value in self._hook.headers]
        return [*address, *map(unquote, address), self._hook.secret or "", *values]


def _opener() -> OpenerDirector:
    """What follows no redirections, heeds the variables for proxies and verifies certificates."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(context=ssl.create_default_context()),
        HTTPErrorProcessor(),
        HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _wait(text: str | None, now: float) -> float | None:
    """The seconds of ``Retry-After``, which gives them or a date."""
    if text is None:
        return None
    try:
        seconds = float(text) if text.strip().isdecimal() else _until(text, now)
    except (ValueError, OverflowError):  # the latter for a year of many digits
        return None
    return max(seconds, 0.0)


def _until(text: str, now: float) -> float:
    when = parsedate_to_datetime(text)
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return (aware - datetime.fromtimestamp(now, UTC)).total_seconds()
