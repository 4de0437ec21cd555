"""Signatures of web hooks, as the Standard Webhooks specification has them (symmetric, v1)."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64

PREFIX = "whsec_"


def signing_key(secret: str) -> bytes:
    """The key of a secret: what follows ``whsec_`` is in base64; any other text counts as it is.

    Raises ValueError when it is not base64, or nothing.
    """
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except NotBase64:
        raise ValueError(f"what follows {PREFIX} is not base64") from None
    if not key:
        raise ValueError(f"nothing follows {PREFIX}")
    return key


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """``v1,`` and the base64 of HMAC-SHA256 over id, seconds since 1970 and body, with dots."""
    signed = b".".join([message_id.encode(), str(timestamp).encode(), body])
    return f"v1,{b64encode(hmac.digest(key, signed, 'sha256')).decode()}"
