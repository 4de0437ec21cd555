"""Getting to know the certificate of a server."""

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from botsched.client.address import Address
from botsched.client.errors import CertificateError, ConfigurationError
from botsched.client.explaining import explained
from botsched.client.trust import (
    Certificate,
    Kind,
    TrustStore,
    read_certificates,
    trusting,
    usual_store,
)

_TIMEOUT: Final = 10.0
_DER: Final = 2
"""How the certificates of a chain are told to give their bytes, before Python 3.13."""


class Introduction:
    """A server that is to be trusted. ConnectionFailedError when it cannot be looked at."""

    def __init__(self, address: Address, store: TrustStore | None = None) -> None:
        if not address.is_encrypted:
            raise ConfigurationError(f"{address} has no certificate; write https://")
        self.address = address
        self._store = store or usual_store()

    @cached_property
    def chain(self) -> Sequence[Certificate]:
        """What the server shows, its own certificate first; none of it is to be believed yet."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with self._connected(context) as encrypted:
            return [Certificate(data) for data in _chain(encrypted)]

    @property
    def is_known(self) -> bool:
        """Whether it is trusted as it is, by what is kept or by what the machine knows."""
        try:
            with self._connected(self._store.context(self.address)):
                return True
        except CertificateError:
            return False

    @property
    def is_kept(self) -> bool:
        """Whether a certificate is kept for it: when it is not known then, it has another one."""
        return self._store.has(self.address)

    def candidate(self) -> tuple[Kind, Certificate]:
        """The authority, where the server shows it, for it outlives the server's certificate."""
        if len(self.chain) > 1 and self.chain[-1].is_authority:
            return Kind.AUTHORITY, self.chain[-1]
        return Kind.SERVER, self.chain[0]

    def with_fingerprint(self, fingerprint: str) -> tuple[Kind, Certificate]:
        """The certificate that the server shows and that has this SHA-256. CertificateError."""
        wanted = fingerprint.replace(":", "").strip().upper()
        for place, certificate in enumerate(self.chain):
            if certificate.fingerprint.replace(":", "") == wanted:
                return (Kind.AUTHORITY if place else Kind.SERVER), certificate
        shown = " and ".join(certificate.fingerprint for certificate in self.chain)
        raise CertificateError(
            f"{self.address} shows no certificate with the fingerprint {fingerprint}; "
            f"those that it shows have {shown}."
        )

    def from_file(self, file: Path) -> tuple[Kind, Certificate]:
        """The last certificate of a PEM file: the authority's, if there are several."""
        last = read_certificates(file).rpartition(ssl.PEM_HEADER)[2].partition(ssl.PEM_FOOTER)[0]
        pem = f"{ssl.PEM_HEADER}{last}{ssl.PEM_FOOTER}\n"
        certificate = Certificate(ssl.PEM_cert_to_DER_cert(pem))
        return (Kind.SERVER if certificate == self.chain[0] else Kind.AUTHORITY), certificate

    def keep(self, kind: Kind, certificate: Certificate) -> Path:
        """Trust it from now on; where it is kept. CertificateError when it would not help."""
        try:
            with self._connected(trusting(certificate.pem, kind)):
                pass
        except CertificateError as error:
            reason = getattr(error.__cause__, "verify_message", error)
            raise CertificateError(
                f"Nothing is kept: {self.address} would not be trusted by it ({reason})."
            ) from None
        return self._store.keep(self.address, kind, certificate)

    @contextmanager
    def _connected(self, context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
        host, port = self.address.host, self.address.port
        try:
            with (
                socket.create_connection((host, port), _TIMEOUT) as connection,
                context.wrap_socket(connection, server_hostname=host) as encrypted,
            ):
                yield encrypted
        except OSError as error:
            raise explained(error, self.address, _TIMEOUT) from error


def _chain(encrypted: Any) -> Sequence[bytes]:
    if hasattr(encrypted, "get_unverified_chain"):  # since Python 3.13
        return list(encrypted.get_unverified_chain())
    inner = encrypted._sslobj  # noqa: SLF001  the same, before it had a public name
    return [certificate.public_bytes(_DER) for certificate in inner.get_unverified_chain()]
