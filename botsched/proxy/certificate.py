"""Is the file given with ``--certificate`` one that browsers can be served with?"""

import contextlib
import hashlib
import re
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from botsched.errors import SettingsError

_CERTIFICATE: Final = re.compile(
    r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL
)
_KEY: Final = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")
_ENCRYPTED_KEY: Final = re.compile(r"BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED")
_NO_CHECK_TIME: Final = ssl.VerifyFlags(0x200000)
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which the module has no name for."""
_REASONS: Final = {
    "KEY_VALUES_MISMATCH": "its private key does not belong to its first certificate",
    "KEY_TYPE_MISMATCH": "its private key does not belong to its first certificate",
    "EE_KEY_TOO_SMALL": "its key is too short to be safe",
    "CA_MD_TOO_WEAK": "it is signed in a way that is no longer safe",
}


def check_certificate(path: Path, name: Path | None = None) -> None:
    """Raise SettingsError with one sentence unless the PEM file holds a usable chain and key.

    ``name`` is what to call the file when ``path`` is but a copy of it.
    """
    if fault := _file_fault(path):
        raise SettingsError(f"The certificate {name or path} cannot be used: {fault}.")


def authority_note(path: Path) -> str | None:
    """Say in a sentence what it means when a usable certificate is an authority's, else nothing."""
    first = _CERTIFICATE.search(path.read_text(encoding="ascii", errors="replace"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if first is not None:
        context.load_verify_locations(cadata=first.group())
    if not context.cert_store_stats()["x509_ca"]:
        return None
    return (
        f"{path} is usable, but marked as an authority's: whoever imports it into a browser trusts "
        "every certificate that its key signs. For one server alone, make it with "
        "basicConstraints = CA:FALSE."
    )


def own_authority(state_dir: Path) -> Path:
    """The certificate of the authority that the proxy makes for itself at its first start."""
    return state_dir / "mitmproxy-ca-cert.pem"


def fingerprint(path: Path) -> str:
    """SHA-256 of the certificate that clients get to know by a PEM file: the last of its chain."""
    text = path.read_text(encoding="ascii", errors="replace")
    last = _CERTIFICATE.findall(text)[-1]
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(last)).digest()
    return f"the SHA-256 fingerprint {digest.hex(':').upper()}"


def expiry(path: Path) -> datetime | None:
    """When the first certificate of a PEM file with its key ends; None when that is not known."""
    try:
        first = _CERTIFICATE.search(path.read_text(encoding="ascii", errors="replace"))
        if first is None:
            return None
        found = _authority(first.group()) or _served(path, first.group())
    except (OSError, ssl.SSLError):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)


def _authority(first: str) -> Mapping[str, Any] | None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=first)
    return next(iter(context.get_ca_certs()), None)


def _served(path: Path, first: str) -> Mapping[str, Any]:
    server, client = _both_sides(path, first)
    client.verify_flags |= _NO_CHECK_TIME
    return _shake_hands(server, client) or {}


def _file_fault(path: Path) -> str | None:
    try:
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        return f"the file cannot be read ({error.strerror})"
    first = _CERTIFICATE.search(text)
    if first is None:
        return "the file holds no certificate in PEM form"
    if _ENCRYPTED_KEY.search(text):
        return "its private key is encrypted; store the key without a passphrase"
    if not _KEY.search(text):
        return "the file holds no private key; append the key to the certificate"
    return _tls_fault(path, first.group())


def _tls_fault(path: Path, first: str) -> str | None:
    """Serve the certificate to a client in memory that trusts just this one, and see."""
    try:
        _shake_hands(*_both_sides(path, first))
    except ssl.SSLCertVerificationError as error:
        return f"it, or one of its chain, does not pass the check ({error.verify_message})"
    except ssl.SSLError as error:
        return _REASONS.get(error.reason, f"OpenSSL refuses it ({error.reason or error})")
    return None


def _both_sides(path: Path, first: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    server.load_cert_chain(path)
    client.load_verify_locations(cadata=first)
    return server, client


def _shake_hands(server: ssl.SSLContext, client: ssl.SSLContext) -> Mapping[str, Any] | None:
    """What the client sees of the server's certificate."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    here = server.wrap_bio(to_server, to_client, server_side=True)
    there = client.wrap_bio(to_client, to_server)
    for side in (there, here, there, here):
        with contextlib.suppress(ssl.SSLWantReadError):
            side.do_handshake()
    return there.getpeercert()
