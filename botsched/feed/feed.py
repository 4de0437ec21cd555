"""The feed: what is committed becomes news for those who look on, a few times a second."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from botsched.domain.clock import Clock
from botsched.domain.news import News, Notes, Topic
from botsched.errors import StoreError
from botsched.feed.others import Others
from botsched.feed.ring import SIZE, Ring, Told
from botsched.store.session import Session
from botsched.store.store import Store

log = logging.getLogger(__name__)

_GAP_SECONDS: Final = 0.25
"""Between two pieces of news about anything: what changes meanwhile is told together."""

_LOOK_SECONDS: Final = 1.0
"""How often the database is asked what other servers changed."""

_KEEP_SECONDS: Final = 120.0
"""So long news are kept for readers to come back, after the last one went."""


Wake = Callable[[], Any]


class Feed:
    """Works only while somebody listens, and shortly after.

    Its thread finds out what to tell. It is told of commits by the writer of the store; what other
    servers on the same database commit it looks for itself.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._listeners: set[Wake] = set()
        self._left_at = 0.0
        self._next_turn = self._next_look = 0.0
        self._active = False
        self._ring = Ring()
        self._others: Others | None = None
        self._noted: Notes = {}
        self._doubtful = False
        self._awake = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="feed", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End, and wake all who listen, to find it ``closed``."""
        self._store.watch(None)
        self._closing.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._wake_listeners()

    @property
    def closed(self) -> bool:
        """Whether nothing more will be told."""
        return self._closing.is_set()

    @contextmanager
    def listening(self, wake: Wake) -> Iterator[None]:
        """Call ``wake``, in any thread, whenever there may be something to read."""
        with self._lock:
            self._listeners.add(wake)
            if not self._active:
                self._begin()
        try:
            yield
        finally:
            with self._lock:
                self._listeners.discard(wake)
                self._left_at = time.monotonic()

    def expect(self) -> str:
        """The place of somebody who looks at things now, and will listen soon."""
        with self.listening(lambda: None):
            return self.read(None).place

    def read(self, place: str | None) -> Told:
        """What was told behind a place; None is the place of a new reader."""
        with self._lock:
            return Told(self._ring.place) if place is None else self._ring.since(place)

    def committed(self, notes: Notes) -> None:
        """Called by the writer of the store after each commit."""
        with self._lock:
            self._noted |= notes
        self._awake.set()

    def in_doubt(self) -> None:
        """Called by the writer when it cannot know whether a commit was made."""
        self._doubtful = True
        self._awake.set()

    def _begin(self) -> None:
        self._active, self._doubtful, self._noted = True, False, {}
        self._ring = Ring()
        self._others = Others(self._store, self._clock) if self._store.shared else None
        self._next_look = 0.0
        self._store.watch(self)
        self._awake.set()

    def _work(self) -> None:
        while not self._closing.is_set():
            self._awake.wait(_LOOK_SECONDS if self._active else None)
            self._closing.wait(max(self._next_turn - time.monotonic(), 0))
            self._awake.clear()
            wait = _GAP_SECONDS
            try:
                self._turn()
            except StoreError:  # logged by the store; what was noted is told when it is back
                wait = _LOOK_SECONDS
            except Exception:
                log.exception("The feed stumbled, and goes on.")
                self._doubtful = True
            self._next_turn = time.monotonic() + wait

    def _turn(self) -> None:
        with self._lock:
            if self._active and not self._listeners:
                self._rest()
            noted, self._noted = self._noted, {}
            others = self._others
        try:
            if others is not None and time.monotonic() >= self._next_look:
                if not others.look(noted):  # no |= here: the writer may be in doubt meanwhile
                    self._doubtful = True
                self._next_look = time.monotonic() + _LOOK_SECONDS / 2
            doubtful = self._doubtful or len(noted) > SIZE
            news = []
            if noted and not doubtful:
                news = self._store.read(lambda session: _news(session, noted))
        except StoreError:
            with self._lock:
                self._noted = noted | self._noted
            raise
        self._tell(news, reset=doubtful)

    def _rest(self) -> None:
        """Keep nothing more when nobody has listened for a while."""
        if time.monotonic() - self._left_at > _KEEP_SECONDS:
            self._active = False
            self._store.watch(None)

    def _tell(self, news: list[News], *, reset: bool) -> None:
        if not (news or reset):
            return
        with self._lock:
            if reset:
                self._doubtful = False
                self._ring.reset()
            self._ring.add(news)
        self._wake_listeners()

    def _wake_listeners(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for wake in listeners:
            wake()


def _news(session: Session, noted: Notes) -> list[News]:
    """What to tell of these things, as they are now."""
    ids = [thing for topic, thing in noted if topic is Topic.EXECUTION]
    states = session.lately.states(ids) if ids else {}
    news = []
    for (topic, thing), value in noted.items():
        match topic:
            case Topic.EXECUTION:
                if thing in states:
                    job_id, state = states[thing]
                    data = {"execution_id": thing, "job_id": job_id, "state": state}
                    news.append(News(topic, thing, data))
            case Topic.OUTPUT:
                news.append(News(topic, thing, {"execution_id": thing, "next": value}))
            case Topic.JOB:
                news.append(News(topic, thing, {"job_id": thing, "change": value}))
            case _:
                news.append(News(topic))
    return news
