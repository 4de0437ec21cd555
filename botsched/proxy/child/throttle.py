"""Slows down the guessing of passwords."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

_CAPACITY: Final = 4096


class Throttle:
    """Lets each key do something ``burst`` times at once and then once per ``interval`` seconds.

    One number is kept for each key: the time at which all that it has used up will have been
    made good. Keys for which that lies in the past need no number.
    """

    def __init__(
        self,
        burst: int,
        interval: float,
        capacity: int = _CAPACITY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interval = interval
        self._allowance = (burst - 1) * interval
        self._capacity = capacity
        self._clock = clock
        self._free_at: OrderedDict[Hashable, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._free_at)

    def wait(self, key: Hashable) -> float:
        """Seconds until ``key`` may go on; 0 when it may now."""
        ahead = self._free_at.get(key, 0.0) - self._clock()
        return max(0.0, ahead - self._allowance)

    def charge(self, key: Hashable) -> None:
        """Count one use."""
        self._free_at[key] = max(self._free_at.get(key, 0.0), self._clock()) + self._interval
        self._free_at.move_to_end(key)
        if len(self._free_at) > self._capacity:
            self._free_at.popitem(last=False)

    def refund(self, key: Hashable) -> None:
        """Take back one use."""
        if key in self._free_at:
            self._free_at[key] -= self._interval


class LoginThrottle:
    """Limits tries by address and by user name; charged before a check, refunded when it succeeds.

    The limit by name stops guessing from many addresses at once. It must not lock the user out, so
    it does not count for an address from which that user has logged in before.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._by_network = Throttle(burst=10, interval=6.0, clock=clock)
        self._by_user = Throttle(burst=20, interval=3.0, clock=clock)
        self._trusted: OrderedDict[tuple[str, str], None] = OrderedDict()

    def admit(self, address: str, user: str) -> float:
        """Charge one try and return 0; or charge nothing and return the seconds to wait."""
        network = _network(address)
        wait = self._by_network.wait(network)
        if (network, user) not in self._trusted:
            wait = max(wait, self._by_user.wait(user))
        if wait == 0:
            self._by_network.charge(network)
            self._by_user.charge(user)
        return wait

    def refund(self, address: str, user: str) -> None:
        """The try was not a guess."""
        self._by_network.refund(_network(address))
        self._by_user.refund(user)

    def trust(self, address: str, user: str) -> None:
        """The user has logged in from there."""
        self._trusted[_network(address), user] = None
        self._trusted.move_to_end((_network(address), user))
        if len(self._trusted) > _CAPACITY:
            self._trusted.popitem(last=False)


def _network(address: str) -> str:
    """Whom an address stands for: with IPv6 a client owns a whole /64 of them."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
