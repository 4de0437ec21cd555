"""Which certificates of servers are trusted.

A server's certificate, or its authority's, is kept in a file of its own once a user has said that
it is the right one; from then on it alone counts for that server. For other servers the
authorities count that the machine knows.
"""

import hashlib
import os
import ssl
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from botsched.client.address import Address
from botsched.client.errors import ConfigurationError


class Kind(StrEnum):
    """What a trusted certificate is: the server's own, or that of the authority which signs it."""

    SERVER = "server"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate, as its bytes in DER."""

    data: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256, as ``openssl x509 -fingerprint -sha256`` prints it."""
        return hashlib.sha256(self.data).digest().hex(":").upper()

    @property
    def pem(self) -> str:
        """The certificate as text."""
        return ssl.DER_cert_to_PEM_cert(self.data)

    @property
    def is_authority(self) -> bool:
        """Whether it may sign others."""
        return trusting(self.pem).cert_store_stats()["x509_ca"] > 0


def trusting(pem: str, kind: Kind = Kind.AUTHORITY) -> ssl.SSLContext:
    """Trust the certificates of this text alone. ValueError when there is none in it.

    The name need not match where the very certificate of the server is known.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = kind is Kind.AUTHORITY
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_verify_locations(cadata=pem)
    except ssl.SSLError:
        raise ValueError("no certificate in PEM form") from None
    return context


def read_certificates(file: Path) -> str:
    """All certificates of a PEM file, as text. ConfigurationError when there is none."""
    try:
        text = file.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}.") from None
    try:
        pem = "".join(ssl.PEM_HEADER + part for part in text.split(ssl.PEM_HEADER)[1:])
        trusting(pem)
    except ValueError:
        raise ConfigurationError(f"{file}: holds no certificate in PEM form.") from None
    return pem


@dataclass(frozen=True, slots=True)
class TrustStore:
    """The certificates that a user trusts, in files named after the servers."""

    folder: Path

    def context(self, address: Address, ca: Path | None = None) -> ssl.SSLContext:
        """How to speak to a server: only with certificates that are trusted for it.

        ``ca`` is a file with certificates to go by in place of what is kept.
        """
        if ca:
            return trusting(read_certificates(ca))
        for kind in Kind:
            if (file := self._file(address, kind)).is_file():
                return trusting(read_certificates(file), kind)
        return ssl.create_default_context()

    def has(self, address: Address) -> bool:
        """Whether a certificate is kept for a server."""
        return any(self._file(address, kind).is_file() for kind in Kind)

    def keep(self, address: Address, kind: Kind, certificate: Certificate) -> Path:
        """Trust this certificate, and no other, for the server from now on; where it is kept."""
        file = self._file(address, kind)
        new = file.with_suffix(".new")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.write_text(certificate.pem, encoding="ascii")
            new.replace(file)
            for other in set(Kind) - {kind}:
                self._file(address, other).unlink(missing_ok=True)
        except OSError as error:
            raise ConfigurationError(f"{file}: cannot be written: {error.strerror}.") from None
        return file

    def _file(self, address: Address, kind: Kind) -> Path:
        return self.folder / f"{address.place}.{kind}.pem"


def configuration_folder() -> Path:
    """Where a user's settings of the client are."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "bots-scheduler"


def usual_store() -> TrustStore:
    """The certificates that the present user trusts."""
    return TrustStore(configuration_folder() / "trusted")
