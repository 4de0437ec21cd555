"""Two servers on one database: the one that schedules is killed or frozen, the other takes over."""

import contextlib
import os
import signal
import time
from collections import Counter
from http.client import HTTPException
from itertools import cycle

from tests.faults.points import Phase, labels
from tests.faults.trial import Trial
from tests.support.program import until

_LONGEST_TAKE_OVER = 30.0
_LONGEST_RUN = 3.0


def take_over(trial: Trial, count: int) -> Counter[str]:
    """Take the one that schedules away so many times, each time the other one of the two."""
    trial.begin()
    other = trial.beside()
    other.start()
    active, standby = trial, other
    done: Counter[str] = Counter()
    for how, _ in zip(cycle((_kill_at_a_point, _freeze, _kill)), range(count), strict=False):
        standby.traffic(0.5)
        active.traffic(trial.chance.uniform(0, 1))
        done[how(active, standby)] += 1
        active, standby = standby, active
    if active is other:
        done[_kill(other, trial)] += 1
    other.stop()
    return done


def _kill(active: Trial, standby: Trial) -> str:
    active.kill()
    _see_take_over(standby)
    active.start()
    return "server killed, with a standby"


def _kill_at_a_point(active: Trial, standby: Trial) -> str:
    running = [label for label, phase in labels().items() if phase is Phase.RUN]
    active.orders.write_text(active.chance.choice(running))
    active.traffic(_LONGEST_RUN)
    active.kill()
    active.orders.unlink()
    _see_take_over(standby)
    active.start()
    return "server killed at a labelled point, with a standby"


def _freeze(active: Trial, standby: Trial) -> str:
    """The former holder wakes up and still believes what it believed before."""
    os.kill(active.pid, signal.SIGSTOP)
    try:
        _see_take_over(standby)
    finally:
        os.kill(active.pid, signal.SIGCONT)
    active.traffic(1)
    until(lambda: _role(active) == "standby", within=_LONGEST_TAKE_OVER)
    return "server frozen, with a standby"


def _see_take_over(standby: Trial) -> None:
    begun = time.monotonic()
    until(lambda: _role(standby) == "active", within=_LONGEST_TAKE_OVER)
    waited = time.monotonic() - begun
    standby.waits["take-over"] = max(standby.waits.get("take-over", 0), waited)
    standby.client.resolve()
    standby.traffic(1)


def _role(trial: Trial) -> str | None:
    with contextlib.suppress(OSError, HTTPException):
        role: str = trial.program.ask("GET", "/healthz").json["role"]
        return role
    return None
