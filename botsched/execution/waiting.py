"""Recorded executions that wait for their moment, or for a slot; so many of a job at a time."""

import heapq
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from botsched.domain.execution import Execution
from botsched.domain.job import Policy


@dataclass(frozen=True, slots=True)
class Order:
    """An execution to be run, and the policy of its job."""

    execution: Execution
    policy: Policy


class WaitingLine:
    """First come, first served; a job that runs often enough already is passed over."""

    def __init__(self) -> None:
        self._orders: deque[Order] = deque()
        self._later: list[tuple[datetime, int, Order]] = []
        self._added = count()
        self._held: dict[str, deque[Order]] = {}
        self._running: Counter[str] = Counter()
        self._is_held = False
        self._until_release: deque[Order] = deque()

    def __len__(self) -> int:
        """How many wait for a slot."""
        held = sum(len(orders) for orders in self._held.values())
        return len(self._orders) + held + len(self._until_release)

    def add(self, orders: Iterable[Order]) -> None:
        """Put orders at the end of the line, or aside until their moment comes."""
        for order in orders:
            moment = order.execution.not_before
            if moment is None:
                self._orders.append(order)
            else:
                heapq.heappush(self._later, (moment, next(self._added), order))

    def next_moment(self) -> datetime | None:
        """When an order that is put aside may go; None when none is."""
        return self._later[0][0] if self._later else None

    def call(self, now: datetime) -> None:
        """Put orders whose moment has come at the end of the line."""
        while self._later and self._later[0][0] <= now:
            self._orders.append(heapq.heappop(self._later)[2])

    def take(self, most: int) -> list[Order]:
        """The next orders that may run, counted as running from now on."""
        taken: list[Order] = []
        while self._orders and len(taken) < most:
            order = self._orders.popleft()
            job_id = order.execution.job_id
            if self._is_held and order.execution.user is None:
                self._until_release.append(order)
            elif self._running[job_id] < order.policy.max_instances:
                self._running[job_id] += 1
                taken.append(order)
            else:
                self._held.setdefault(job_id, deque()).append(order)
        return taken

    def hold(self, *, held: bool) -> None:
        """While held, only runs that a user asked for may go; then the others go first."""
        self._is_held = held
        if not held:
            self._orders.extendleft(reversed(self._until_release))
            self._until_release.clear()

    def give_back(self, orders: list[Order]) -> None:
        """Put orders that were taken, but not started, back to the front."""
        for order in reversed(orders):
            self._orders.appendleft(order)
            self._count_off(order.execution.job_id)

    def clear(self) -> None:
        """Forget all that waits."""
        self._orders.clear()
        self._later.clear()
        self._held.clear()
        self._until_release.clear()

    def release(self, job_id: str) -> None:
        """A run of this job ended; the first one that waited for that may go before the others."""
        self._count_off(job_id)
        if held := self._held.get(job_id):
            self._orders.appendleft(held.popleft())
            if not held:
                del self._held[job_id]

    def _count_off(self, job_id: str) -> None:
        self._running[job_id] -= 1
        if not self._running[job_id]:
            del self._running[job_id]
