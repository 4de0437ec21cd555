"""The servers that share a database, and the lease that says which of them schedules."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self


@dataclass(frozen=True, slots=True)
class Instance:
    """One server process, told apart from every other one on any machine.

    ``boot_id`` and ``pid_namespace`` are the kernel's; ``pid_started`` is in clock ticks since
    boot. Only where the first two are one's own do the others mean anything.
    """

    id: str
    host: str
    pid: int
    pid_started: int
    boot_id: str
    pid_namespace: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"

    def to_text(self) -> str:
        """What is stored, at most 255 characters."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The instance that was stored so."""
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Lease:
    """Who schedules. ``token`` grows with each take-over; ``expired`` is by the database's clock.

    Without a holder, nobody has it: it was given back, or never taken.
    """

    holder: Instance | None
    token: int
    since: datetime
    renewed_at: datetime
    expired: bool


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a server was last heard of."""

    instance: Instance
    seen_at: datetime
    alive: bool
