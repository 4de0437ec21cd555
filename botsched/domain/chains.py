"""Jobs that run after others, and the one thing their chains must not do: come back."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botsched.domain.kinds import Kind

MOST_LINKS = 100


def _read(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError("a list of job ids, or null")
    if len(value) > MOST_LINKS:
        raise ValueError(f"{len(value)} are too many; give {MOST_LINKS} at most")
    if len(set(value)) < len(value):
        raise ValueError("a job is there twice; give each once")
    return tuple(value) or None


_SCHEMA = {
    "type": "array",
    "items": {"type": "string"},
    "uniqueItems": True,
    "maxItems": MOST_LINKS,
}

KIND: Kind[tuple[str, ...] | None] = Kind(
    _read, lambda ids: list(ids or ()), lambda ids: ", ".join(ids or ()), _SCHEMA
)
"""The ids of jobs that run after another one; None for none, as for an empty list."""


def cycle_through(start: str, after: Callable[[str], Iterable[str]]) -> list[str] | None:
    """The shortest way from ``start`` back to it, with it at both ends; None when there is none.

    ``after`` gives what runs after each, and is asked only for what can be reached.
    """
    came_from: dict[str, str] = {}
    ahead = deque([start])
    while ahead:
        here = ahead.popleft()
        for following in after(here):
            if following == start:
                return _way(start, here, came_from)
            if following not in came_from:
                came_from[following] = here
                ahead.append(following)
    return None


def _way(start: str, last: str, came_from: Mapping[str, str]) -> list[str]:
    way = [start]
    while last != start:
        way.append(last)
        last = came_from[last]
    return [start, *reversed(way)]
