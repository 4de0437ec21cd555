"""Past executions and future due instants of jobs, on one axis of time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from botsched.domain.execution import State
from botsched.domain.schedule import Schedule

SLOTS: Final = 240
"""The axis is divided into so many slots; what ends in one of them is one mark."""

SINGLE: Final = 60
"""So many due instants are told one by one; more are told by slots."""

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """Executions of a job side by side; ``execution_id`` is the latest of them.

    ``states`` counts them; it is empty where they were only counted. ``end`` is None while one
    goes on.
    """

    start: datetime
    end: datetime | None
    states: Counter[State]
    count: int
    execution_id: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Due instants of a job that are to come, from ``start`` to ``end``, both included."""

    start: datetime
    end: datetime
    count: int = 1


@dataclass(slots=True)
class Lane:
    """One job on the axis; ``exists`` is false for one that was deleted."""

    job_id: str
    job_name: str
    exists: bool
    paused: bool
    past: list[Mark] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Axis:
    """A period, the lanes of some jobs, and how many more have something in it, at least."""

    start: datetime
    end: datetime
    now: datetime
    lanes: list[Lane]
    more_jobs: int


def due_between(schedule: Schedule, first: datetime, last: datetime, slot: timedelta) -> list[Due]:
    """The due instants from ``first``, itself due, to ``last``: many as bands of those near by."""
    if first > last:
        return []
    following = _some(schedule, first, last)
    if len(following) <= SINGLE:
        return [Due(instant, instant) for instant in following]
    return _joined(_by_slot(schedule, first, last, slot), slot)


def _some(schedule: Schedule, first: datetime, last: datetime) -> list[datetime]:
    """The first instants, at most one more than are told one by one."""
    instants: list[datetime] = []
    instant: datetime | None = first
    while instant is not None and instant <= last and len(instants) <= SINGLE:
        instants.append(instant)
        instant = schedule.next_after(instant)
    return instants


def _by_slot(schedule: Schedule, first: datetime, last: datetime, slot: timedelta) -> Iterator[Due]:
    begin: datetime | None = first
    while begin is not None and begin <= last:
        end = min(begin + slot - _TICK, last)
        count = schedule.count(begin, end)
        yield Due(begin, begin if count == 1 else end, count)
        begin = schedule.next_after(end)


def _joined(dues: Iterator[Due], slot: timedelta) -> list[Due]:
    """Bands with no slot free between them as one."""
    bands: list[Due] = []
    for due in dues:
        if bands and bands[-1].count > 1 and due.start - bands[-1].end <= slot:
            bands[-1] = Due(bands[-1].start, due.end, bands[-1].count + due.count)
        else:
            bands.append(due)
    return bands
