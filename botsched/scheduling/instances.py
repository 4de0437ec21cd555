"""The servers that share the database, as users see them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from botsched.domain.clock import Clock
from botsched.domain.instance import Instance
from botsched.store.session import Session
from botsched.store.store import Store


class Role(StrEnum):
    """What a server does: it schedules, it stands by, or it was not heard of for some seconds."""

    ACTIVE = "active"
    STANDBY = "standby"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Standing:
    """One server; ``token`` and ``since`` tell of the lease where it is held."""

    instance: Instance
    role: Role
    seen_at: datetime
    here: bool
    token: int | None = None
    since: datetime | None = None


class InstanceService:
    """Use cases around the servers on one database; a file has one server only."""

    def __init__(self, store: Store, instance: Instance, clock: Clock) -> None:
        self._store = store
        self._instance = instance
        self._clock = clock

    @property
    def role(self) -> Role:
        """What this server does, as far as it knows by itself."""
        return Role.ACTIVE if self._store.fence.open else Role.STANDBY

    def all(self) -> list[Standing]:
        """The servers heard of within a day, the latest first."""
        if not self._store.shared:
            return [Standing(self._instance, Role.ACTIVE, self._clock(), here=True)]
        return self._store.read(self._standings)

    def _standings(self, session: Session) -> list[Standing]:
        lease = session.leases.look()
        standings = []
        for each in session.leases.sightings():
            holds = each.instance == lease.holder and not lease.expired
            role = Role.STANDBY if each.alive else Role.GONE
            standings.append(
                Standing(
                    each.instance,
                    Role.ACTIVE if holds else role,
                    each.seen_at,
                    each.instance == self._instance,
                    lease.token if holds else None,
                    lease.since if holds else None,
                )
            )
        return standings
