"""Password hashes in the forms that Apache's tools write.

bcrypt is called directly: passlib's wrapper for it does not work with the versions of today.
"""

import re
import warnings
from collections.abc import Mapping
from typing import Final, Protocol

import bcrypt

with warnings.catch_warnings():
    # Up to Python 3.12 passlib imports the deprecated module `crypt`, which is not used below.
    warnings.simplefilter("ignore", DeprecationWarning)
    from passlib.hash import apr_md5_crypt, ldap_sha1, sha256_crypt, sha512_crypt

for _form in (sha256_crypt, sha512_crypt):
    _form.set_backend("builtin")

FORMS: Final = "bcrypt, APR1 MD5, SHA-1, or crypt with SHA-256 or SHA-512"
BCRYPT_BYTES: Final = 72
"""bcrypt looks at no more of a password than this."""

_COST: Final = 12
_LONGEST_PASSWORD: Final = 1024
_BCRYPT: Final = re.compile(r"\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}")
_SHA1: Final = re.compile(r"\{SHA\}[A-Za-z0-9+/]{27}=")


class _Form(Protocol):
    """The part of a passlib hash class that is used here."""

    def from_string(self, hash: str) -> object: ...  # noqa: A002  # passlib's own name
    def verify(self, secret: bytes, hash: str) -> bool: ...  # noqa: A002


_FORMS_BY_PREFIX: Final[Mapping[str, _Form]] = {
    "$apr1$": apr_md5_crypt,
    "{SHA}": ldap_sha1,
    "$5$": sha256_crypt,
    "$6$": sha512_crypt,
}


def is_supported(hashed: str) -> bool:
    """Whether ``hashed`` is a complete hash in one of the forms that can be checked."""
    if hashed.startswith("$2"):
        return _BCRYPT.fullmatch(hashed) is not None
    if hashed.startswith("{SHA}"):
        return _SHA1.fullmatch(hashed) is not None  # passlib takes broken ones, too
    form = _form_of(hashed)
    if form is None:
        return False
    try:
        form.from_string(hashed)
    except ValueError:
        return False
    return True


def matches(password: bytes, hashed: str) -> bool:
    """Whether ``password`` is the one behind ``hashed``, which must be supported.

    Takes from half a millisecond (APR1) to a quarter of a second (bcrypt of cost 12).
    """
    if b"\0" in password or len(password) > _LONGEST_PASSWORD:
        return False
    if hashed.startswith("$2"):
        return bcrypt.checkpw(password[:BCRYPT_BYTES], hashed.encode())
    form = _form_of(hashed)
    return form is not None and form.verify(password, hashed)


def hash_password(password: str) -> str:
    """A new bcrypt hash; the password must fit ``BCRYPT_BYTES``."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(_COST)).decode()


def _form_of(hashed: str) -> _Form | None:
    for prefix, form in _FORMS_BY_PREFIX.items():
        if hashed.startswith(prefix):
            return form
    return None
