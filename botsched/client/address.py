"""Where a server is."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import urlsplit

from botsched.client.errors import ConfigurationError

USUAL_PORT: Final = 8888
_LONGEST_HOST: Final = 230  # in bytes: what is trusted is in a file of its name
_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of ``https://HOST:PORT/PREFIX``; ``port_given`` tells whether it was written."""

    scheme: str
    host: str
    port: int
    prefix: str = ""
    port_given: bool = True

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a user writes; without a scheme, https is meant. Raises ConfigurationError."""
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
            host, port = parts.hostname, parts.port
        except ValueError:
            raise _fault(text) from None
        plain = not (parts.username or parts.query or parts.fragment)
        if parts.scheme not in _PORTS or not host or not plain or not text.isprintable():
            raise _fault(text)
        if port == 0 or len(host.encode(errors="replace")) > _LONGEST_HOST:
            raise _fault(text)
        prefix = parts.path.rstrip("/")
        return cls(
            parts.scheme, host, port or _PORTS[parts.scheme], prefix, port_given=port is not None
        )

    @property
    def place(self) -> str:
        """Host and port, as one word."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_encrypted(self) -> bool:
        """Whether it is spoken to over TLS."""
        return self.scheme == "https"

    @property
    def is_loopback(self) -> bool:
        """Whether what is sent there does not leave this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.place}{self.prefix}"


def _fault(text: str) -> ConfigurationError:
    example = f"write for example https://HOST:{USUAL_PORT}"
    _, login, place = text.rpartition("@")
    if login:  # which may hold a password, and is not shown
        return ConfigurationError(
            f"The login does not belong into the address of {place!r}, but beside it; {example}"
        )
    return ConfigurationError(f"{text!r} is no address of a server; {example}")
