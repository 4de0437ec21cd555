"""The database goes away and comes back: its server, the line to it, or the space on its disk."""

import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.client import HTTPException
from itertools import cycle

from tests.faults.trial import Trial
from tests.support.program import until

_SETTLED_SECONDS = 1.0
"""After so long what was claimed before the outage has its process."""
_LONGEST_ANSWER = 60.0

Outage = Callable[[Trial], AbstractContextManager[None]]


def of_database(trial: Trial, count: int) -> Counter[str]:
    """Take the database away so many times, each time in another way."""
    trial.begin()
    done: Counter[str] = Counter()
    for what, _ in zip(cycle(_OUTAGES), range(count), strict=False):
        trial.traffic(trial.chance.uniform(0.3, 1.5))
        with _OUTAGES[what](trial):
            _watch(trial, what)
        trial.until_well()
        done[what] += 1
    trial.traffic(1.5)
    trial.stop_and_start()  # what is in doubt may still have been under way
    return done


def of_disk(trial: Trial, count: int) -> Counter[str]:
    """Fill the disk with the database so many times; now and then with a crash in between."""
    trial.begin()
    done: Counter[str] = Counter()
    for number in range(count):
        trial.traffic(trial.chance.uniform(0.3, 1.5))
        with _full_disk(trial):
            _watch(trial, "disk full", reading=True)
            if number % 2:
                trial.kill()
                trial.launch()
                trial.is_ready(3)  # it may as well refuse to start
                done["server killed while the disk was full"] += 1
        done["disk full"] += 1
        if trial.is_ready():
            trial.client.resolve()
        else:
            trial.start()
        trial.until_well()
    trial.traffic(1.5)
    trial.stop_and_start()
    return done


def _watch(trial: Trial, what: str, *, reading: bool = False) -> None:
    """See that the API says 503 and that nothing is started, for some seconds."""
    refuses = _refuses_a_write if reading else _refuses_to_read
    begun = time.monotonic()
    until(lambda: refuses(trial), within=_LONGEST_ANSWER)
    waited = time.monotonic() - begun
    first = f"first 503, {what}"
    trial.waits[first] = max(trial.waits.get(first, 0), waited)
    time.sleep(max(_SETTLED_SECONDS - waited, 0))
    started = trial.started
    end = time.monotonic() + trial.chance.uniform(0.5, 3)
    while time.monotonic() < end:
        trial.client.do_something()
        if not refuses(trial):
            trial.notes.append(f"{what}: the API answered")
        time.sleep(0.1)
    if new := trial.started[len(started) :]:
        trial.notes.append(f"{what}: {len(new)} runs were started meanwhile")


def _refuses_to_read(trial: Trial) -> bool:
    with contextlib.suppress(OSError, HTTPException):  # no answer at all is not what is wanted
        return trial.program.ask("GET", "/api/v1/jobs", timeout=60).status == 503
    return False


def _refuses_a_write(trial: Trial) -> bool:
    before = trial.client.diary.unavailable
    trial.client.run(trial.client.diary.alive[0])
    return trial.client.diary.unavailable > before


# Ways in which a server goes away


@contextlib.contextmanager
def _crashed(trial: Trial) -> Iterator[None]:
    trial.server.crash()
    yield
    trial.server.start()


@contextlib.contextmanager
def _stopped(trial: Trial) -> Iterator[None]:
    trial.server.stop_fast()
    yield
    trial.server.start()


@contextlib.contextmanager
def _frozen(trial: Trial) -> Iterator[None]:
    for pid in trial.server.pids():
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in trial.server.pids():
            os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def _cut(trial: Trial) -> Iterator[None]:
    trial.relay.cut()
    yield
    trial.relay.mend()


@contextlib.contextmanager
def _silent(trial: Trial) -> Iterator[None]:
    trial.relay.silence()
    yield
    trial.relay.mend()


@contextlib.contextmanager
def _silent_then_reset(trial: Trial) -> Iterator[None]:
    with _silent(trial):
        yield
        trial.relay.reset()


_OUTAGES: dict[str, Outage] = {
    "line cut": _cut,
    "database server killed": _crashed,
    "line silent": _silent,
    "database server restarted": _stopped,
    "line silent, then reset": _silent_then_reset,
    "database server frozen": _frozen,
}


# The disk


@contextlib.contextmanager
def _full_disk(trial: Trial) -> Iterator[None]:
    ballast = trial.disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    yield
    ballast.unlink()
