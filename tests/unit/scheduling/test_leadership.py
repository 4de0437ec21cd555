"""How the lease is kept, lost and taken, with a lease that the tests hold in their hands."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from botsched.domain.instance import Instance, Lease
from botsched.errors import StoreUnavailableError
from botsched.scheduling import leadership as module
from botsched.scheduling.leadership import Leadership
from botsched.settings.model import TableNames
from botsched.store import fence as fence_module
from botsched.store.fence import Fence
from botsched.store.schema import Schema
from tests.support.values import NOW

US = Instance("1", "alpha", 1, 1, "boot", "namespace")
OTHER = Instance("2", "beta", 2, 2, "other boot", "namespace")


@dataclass
class World:
    """A store of which only the lease is there; it is what the tests say, and so is the time."""

    row: Lease = field(default_factory=lambda: Lease(None, 0, NOW, NOW, expired=True))
    away: bool = False
    now: float = 1000.0
    shared: bool = True
    fence: Fence = field(default_factory=lambda: Fence(Schema(TableNames()).lease))

    def lease(self, operation: Callable) -> object:
        if self.away:
            raise StoreUnavailableError("The database is away.")
        return operation(self)

    def appear(self, _instance: Instance) -> None:
        pass

    disappear = appear

    def look(self) -> Lease:
        return self.row

    def take(self, instance: Instance, dead: int | None = None) -> int | None:
        if not (self.row.expired or self.row.token == dead):
            return None
        self.row = Lease(instance, self.row.token + 1, NOW, NOW, expired=False)
        return self.row.token

    def renew(self, token: int) -> bool:
        if token != self.row.token:
            return False
        self.row = replace(self.row, expired=False)
        return True


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(module, "elapsed", lambda: world.now)
    monkeypatch.setattr(fence_module, "elapsed", lambda: world.now)
    monkeypatch.setattr(module, "has_ended", lambda instance: instance.host == "dead")
    return world


@pytest.fixture
def leadership(world: World) -> Leadership:
    return Leadership(world, US)  # type: ignore[arg-type]


def test_a_lease_that_is_free_is_taken_and_relied_on_for_less_than_it_lasts(
    world, leadership
) -> None:
    leadership._turn()

    assert (world.fence.token, world.fence.open) == (1, True)
    world.now += 7.9
    assert world.fence.open
    world.now += 0.2
    assert not world.fence.open
    assert world.fence.token == 1


def test_renewed_in_time_it_stays(world, leadership) -> None:
    for _ in range(10):
        leadership._turn()
        world.now += 2
        assert world.fence.open
    assert world.fence.token == 1


def test_one_that_another_holds_is_waited_for(world, leadership) -> None:
    world.row = Lease(OTHER, 5, NOW, NOW, expired=False)
    leadership._turn()
    assert world.fence.token is None
    assert leadership.holder == OTHER
    assert leadership.fault is None

    world.row = replace(world.row, expired=True)
    assert leadership.fault is None  # as far as known
    leadership._turn()

    assert world.fence.token == 6
    assert leadership.former == OTHER


def test_that_of_a_server_which_is_known_to_be_dead_is_not_waited_for(world, leadership) -> None:
    world.row = Lease(replace(OTHER, host="dead"), 5, NOW, NOW, expired=False)

    leadership._turn()

    assert world.fence.token == 6


def test_a_holder_that_is_cut_off_stays_one_if_nobody_took_over(world, leadership, caplog) -> None:
    leadership._turn()
    world.away = True
    for _ in range(5):
        world.now += 3
        leadership._turn()
    assert (world.fence.token, world.fence.open) == (1, False)
    assert leadership.fault is None or "No server" in leadership.fault

    world.away = False
    world.row = replace(world.row, expired=True)
    leadership._turn()

    assert (world.fence.token, world.fence.open) == (1, True)
    told = [record.getMessage() for record in caplog.records if record.levelno > logging.INFO]
    assert ["could not be renewed in time" in told[0], "is renewed" in told[1]] == [True, True]
    assert len(told) == 2


def test_a_holder_learns_that_another_took_over(world, leadership, caplog) -> None:
    changes = []
    leadership._changed = lambda: changes.append(world.fence.token)
    leadership._turn()
    world.row = Lease(OTHER, 2, NOW, NOW, expired=False)

    leadership._turn()

    assert changes == [1, None]
    assert "process 2 on beta has taken over" in caplog.text
    leadership._turn()
    assert world.fence.token is None


def test_after_an_outage_the_former_holder_comes_first(world, leadership) -> None:
    world.away = True
    leadership._turn()
    world.away = False
    world.row = Lease(OTHER, 5, NOW, NOW, expired=True)

    world.now += 4
    leadership._turn()
    assert world.fence.token is None

    world.now += 2
    leadership._turn()
    assert world.fence.token == 6


def test_a_take_over_that_has_to_wait_for_a_lock_is_tried_again_at_once(
    world, leadership, monkeypatch
) -> None:
    world.row = Lease(OTHER, 5, NOW, NOW, expired=True)

    def held_up(_instance: Instance, dead: int | None = None) -> None:
        raise StoreUnavailableError("Lock wait timeout exceeded.")

    with monkeypatch.context() as patched:
        patched.setattr(world, "take", held_up)
        leadership._turn()
    assert world.fence.token is None

    leadership._turn()
    assert world.fence.token == 6


def test_a_lease_taken_without_knowing_is_found(world, leadership) -> None:
    """The connection was lost after the commit."""
    world.row = Lease(US, 5, NOW, NOW, expired=False)

    leadership._turn()

    assert world.fence.token == 5
    assert leadership.former is None


def test_of_one_that_was_faster_is_known_who_it_is(world, leadership, monkeypatch) -> None:
    def too_late(_instance: Instance, dead: int | None = None) -> None:
        world.row = Lease(OTHER, 1, NOW, NOW, expired=False)

    monkeypatch.setattr(world, "take", too_late)
    leadership._turn()

    assert world.fence.token is None
    assert leadership.holder == OTHER
    assert leadership.fault is None


def test_who_retires_takes_nothing(world, leadership) -> None:
    leadership.retire()
    leadership._turn()

    assert world.fence.token is None
    assert leadership.fault is not None
