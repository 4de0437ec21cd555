"""The way to the server that all classes of the package take."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botsched.client import Client


@dataclass(frozen=True)
class Connection:
    """A client that was given, or what to find one by."""

    client: Client | None
    server: str | None
    user: str | None
    password: str | None

    @contextmanager
    def opened(self) -> Iterator[Client]:
        """A client to work with; closed in the end, unless it was given."""
        if self.client is not None:
            yield self.client
            return
        with Client(self.server, self.user, self.password) as client:
            yield client
