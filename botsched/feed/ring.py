"""What was told lately, so that a reader who was away can catch up."""

import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from botsched.domain.news import News, Topic

SIZE: Final = 4000
"""Things of which the last news are kept. Whoever missed more is better off fetching all anew."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader missed, and its place now; ``reset``: that is too much to be told."""

    place: str
    news: tuple[News, ...] = ()
    reset: bool = False


class Ring:
    """The last news of each thing, in order.

    Readers hold nothing but their place, so that a slow one costs nothing: newer news of a thing
    take the place of those it has not read, and when it is too far behind it is told to reset.
    """

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._identity = secrets.token_hex(6)
        self._head = 0
        self._floor = 0
        self._kept: OrderedDict[tuple[Topic, str], tuple[int, News]] = OrderedDict()

    @property
    def place(self) -> str:
        """Behind all that was told until now."""
        return f"{self._identity}-{self._head}"

    def add(self, news: Iterable[News]) -> None:
        """Tell news."""
        for each in news:
            self._head += 1
            key = each.topic, each.thing
            self._kept[key] = self._head, each
            self._kept.move_to_end(key)
            if len(self._kept) > self._size:
                _, (self._floor, _) = self._kept.popitem(last=False)

    def reset(self) -> None:
        """Tell all readers to fetch everything anew."""
        self._head += 1
        self._floor = self._head
        self._kept.clear()

    def since(self, place: str) -> Told:
        """What was told behind a place; reset when that is of another ring, or too far back."""
        identity, _, number = place.rpartition("-")
        if identity != self._identity or not (number.isascii() and number.isdigit()):
            return Told(self.place, reset=True)
        position = int(number[:20])
        if not self._floor <= position <= self._head:
            return Told(self.place, reset=True)
        news = []
        for at, each in reversed(self._kept.values()):
            if at <= position:
                break
            news.append(each)
        return Told(self.place, tuple(reversed(news)))
