"""What the proxy child is told at its start, handed over on its standard input."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from botsched.settings.model import ProxySettings


@dataclass(frozen=True, slots=True)
class ProxyOptions:
    """One JSON line, and not arguments: every user of the machine can read those.

    ``host`` is empty for all addresses; ``certificate`` None means the proxy's own authority,
    kept in ``state_dir``. ``secret`` proves to the server that a request came through the proxy.
    """

    host: str
    port: int
    upstream_port: int
    htpasswd: Path
    state_dir: Path
    certificate: Path | None
    secret: str = field(repr=False)

    @classmethod
    def of(cls, settings: ProxySettings, secret: str) -> Self:
        """Options for these settings; paths are made absolute."""
        return cls(
            host=settings.host,
            port=settings.port,
            upstream_port=settings.upstream_port,
            htpasswd=settings.htpasswd.absolute(),
            state_dir=settings.state_dir.absolute(),
            certificate=settings.certificate and settings.certificate.absolute(),
            secret=secret,
        )

    def to_line(self) -> bytes:
        """One line of JSON."""
        return json.dumps(asdict(self), default=str).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """The inverse of ``to_line``."""
        values = json.loads(line)
        for name in ("htpasswd", "state_dir", "certificate"):
            values[name] = values[name] and Path(values[name])
        return cls(**values)
