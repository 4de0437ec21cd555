"""Decides whether the credentials of a request are right."""

import asyncio
import base64
import binascii
import functools
import logging
import os
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from botsched.proxy.child.cache import CredentialCache
from botsched.proxy.child.throttle import LoginThrottle
from botsched.proxy.hashes import matches

_log = logging.getLogger(__name__)

_AT_A_TIME: Final = 2
_MOST_WAITING: Final = 32
_DECOY: Final = "$2b$12$h0KjASeiOde8AOHvVBUlX.2zgwYH75TQpdYEPde.nzoJ0Lr2tKVEa"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The credentials are those of ``user``."""

    user: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Wrong credentials; or, with ``retry_after`` seconds, too many tries to look at them now."""

    retry_after: float = 0.0


Verdict = Accepted | Refused


class Login:
    """Checks ``Authorization`` headers against the users of the htpasswd file.

    Credentials that were right a moment ago are let through before anything is limited. The others
    are throttled and hashed in threads, two at a time, and the same ones only once at a time.
    """

    def __init__(
        self, users: Mapping[str, str], cache: CredentialCache, throttle: LoginThrottle
    ) -> None:
        self.users = users  # replaced as a whole when the file has changed
        self._cache = cache
        self._throttle = throttle
        self._checks: dict[tuple[bytes, str], asyncio.Task[Verdict]] = {}
        self._waiting = 0
        self._threads = ThreadPoolExecutor(_AT_A_TIME, "login", initializer=_yield_to_others)

    def recall(self, header: bytes) -> Accepted | None:
        """The verdict on an ``Authorization`` header that was right a moment ago."""
        key = self._cache.key(header)
        known = self._cache.get(key)
        if known is None:
            return None
        if self.users.get(known.user) != known.hashed:
            self._cache.drop(key)
            return None
        return Accepted(known.user)

    async def check(self, header: bytes, address: str) -> Verdict:
        """The verdict on the value of an ``Authorization`` header sent from ``address``."""
        if known := self.recall(header):
            return known
        key = self._cache.key(header)
        check = self._checks.get((key, address))
        if check is None:
            check = asyncio.create_task(self._check(key, header, address))
            self._checks[key, address] = check
            check.add_done_callback(lambda _: self._checks.pop((key, address)))
        return await asyncio.shield(check)

    def close(self) -> None:
        """Give up the checks that are waiting."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _check(self, key: bytes, header: bytes, address: str) -> Verdict:
        credentials = parse_basic(header)
        if credentials is None:
            return Refused()
        user, password = credentials
        if self._waiting >= _MOST_WAITING:
            return Refused(retry_after=1.0)
        if wait := self._throttle.admit(address, user):
            return Refused(retry_after=wait)
        hashed = self.users.get(user)
        if not await self._matches(password, hashed):
            _log.warning("Login refused for user %r from %s.", user, address)
            return Refused()
        assert hashed is not None
        self._throttle.refund(address, user)
        if self.users.get(user) != hashed:  # changed while it was being checked
            return Refused()
        self._throttle.trust(address, user)
        self._cache.put(key, user, hashed)
        return Accepted(user)

    async def _matches(self, password: bytes, hashed: str | None) -> bool:
        """An unknown user (``hashed`` None) takes the time that a known one does."""
        against = hashed or next(iter(self.users.values()), _DECOY)
        check = functools.partial(matches, password, against)
        self._waiting += 1
        try:
            right = await asyncio.get_running_loop().run_in_executor(self._threads, check)
        finally:
            self._waiting -= 1
        return right and hashed is not None


def parse_basic(header: bytes) -> tuple[str, bytes] | None:
    """User and password from a header of the ``Basic`` scheme; None when it is malformed."""
    scheme, _, encoded = header.strip().partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).partition(b":")
        return (user.decode(), password) if colon else None
    except (binascii.Error, UnicodeDecodeError):
        return None


def _yield_to_others() -> None:
    """Checking passwords may take two cores: the loop that serves the others goes first."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
