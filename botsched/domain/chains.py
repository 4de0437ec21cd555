"""Jobs that run after others, and the one thing their chains must not do: come back."""

from collections import deque
from collections.abc import Iterable, Mapping


def cycle_through(start: str, links: Mapping[str, Iterable[str]]) -> list[str] | None:
    """The shortest way from ``start`` back to it, with it at both ends; None when there is none.

    ``links`` gives what runs after each; what is no key there has nothing after it.
    """
    came_from: dict[str, str] = {}
    ahead = deque([start])
    while ahead:
        here = ahead.popleft()
        for following in links.get(here, ()):
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
