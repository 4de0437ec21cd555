"""Remembers which credentials were found right, so that bcrypt is not paid on every request."""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_LIFETIME: Final = 60.0
_CAPACITY: Final = 1024


@dataclass(slots=True)
class Verified:
    """A user, and the hash that the credentials matched.

    Whoever uses an entry compares ``hashed`` with the file's present hash of the user: a changed
    password or a removed user is thus effective at once, and nobody else has to log in again.
    """

    user: str
    hashed: str
    used: float


class CredentialCache:
    """Keyed digests of right credentials, never the credentials; forgotten when out of use.

    An entry is kept for ``lifetime`` seconds after its last use: a flood of wrong passwords
    from the same address cannot lock out somebody who is at work.
    """

    def __init__(
        self,
        lifetime: float = _LIFETIME,
        capacity: int = _CAPACITY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lifetime = lifetime
        self._capacity = capacity
        self._clock = clock
        self._salt = secrets.token_bytes(32)
        self._entries: OrderedDict[bytes, Verified] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def key(self, credentials: bytes) -> bytes:
        """The name under which these credentials are kept."""
        return hashlib.blake2b(credentials, key=self._salt, digest_size=32).digest()

    def get(self, key: bytes) -> Verified | None:
        """The entry of this name, if it is still fresh."""
        self._forget_unused()
        entry = self._entries.get(key)
        if entry is not None:
            entry.used = self._clock()
            self._entries.move_to_end(key)
        return entry

    def put(self, key: bytes, user: str, hashed: str) -> None:
        """Remember that these credentials are the user's; the least used entry makes room."""
        self._entries[key] = Verified(user, hashed, self._clock())
        self._entries.move_to_end(key)
        if len(self._entries) > self._capacity:
            self._entries.popitem(last=False)

    def drop(self, key: bytes) -> None:
        """Forget an entry that is no longer right."""
        self._entries.pop(key, None)

    def _forget_unused(self) -> None:
        """Entries are in the order of their last use, so the stale ones stand in front."""
        oldest_allowed = self._clock() - self._lifetime
        while self._entries:
            key = next(iter(self._entries))
            if self._entries[key].used > oldest_allowed:
                return
            del self._entries[key]
