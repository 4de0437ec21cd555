"""What the server gets to see of a request's headers, and who says so."""

from collections.abc import Sequence
from typing import Final

from botsched.proxy.identity import RESERVED_PREFIX, SECRET_HEADER, USER_HEADER, encode_user

Fields = Sequence[tuple[bytes, bytes]]

_DROPPED: Final = frozenset((b"authorization", b"forwarded", b"x-real-ip"))
_DROPPED_PREFIXES: Final = (b"x-forwarded-", b"proxy-", RESERVED_PREFIX.encode())


def forwarded(
    fields: Fields, user: str, address: str, secret: str
) -> tuple[tuple[bytes, bytes], ...]:
    """The client's headers without any that speak of identity, and ours added.

    Names with an underscore go as well: some servers read ``X_Bots_User`` as ``X-Bots-User``.
    """
    kept = [(name, value) for name, value in fields if not _speaks_of_identity(name.lower())]
    return (
        *kept,
        (USER_HEADER.encode(), encode_user(user).encode()),
        (SECRET_HEADER.encode(), secret.encode()),
        (b"X-Forwarded-For", address.encode()),
        (b"X-Forwarded-Proto", b"https"),
    )


def _speaks_of_identity(name: bytes) -> bool:
    return name in _DROPPED or name.startswith(_DROPPED_PREFIXES) or b"_" in name
