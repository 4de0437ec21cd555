"""The server, killed by its own hand when it comes to a labelled point; or with another clock.

    FAULTS='{"trace": "reached", "kill": "an end committed, nobody told", "at": 2}' \
        python -m tests.faults.runner run --no-proxy

``trace`` is a file that takes the label of each point when it is reached first, ``orders`` one that
may name another point later on, and ``clock`` one whose number is how many seconds the program's
clock is ahead. All are optional.
"""

import importlib
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from functools import wraps
from pathlib import Path
from typing import Any

from tests.faults.points import COMMIT, STEPS, WRITES, Call

_CLOCK_SECONDS = 0.1
"""How soon the scheduler sees that the clock was set."""

Watch = Callable[[Call], None]


class Killer:
    """Counts the points that are reached, and ends the process at the chosen one."""

    def __init__(
        self,
        trace: str | None = None,
        kill: str | None = None,
        at: int = 1,
        orders: str | None = None,
        **_others: str,
    ) -> None:
        self._trace = trace
        self._kill = kill
        self._at = at
        self._orders = orders
        self._passes: Counter[str] = Counter()
        self._lock = threading.Lock()

    def reached(self, label: str) -> None:
        with self._lock:
            self._passes[label] += 1
            chosen = label == self._kill and self._passes[label] == self._at
            chosen = chosen or label == self._ordered()
            if self._trace and (chosen or (self._passes[label] == 1 and self._kill is None)):
                with Path(self._trace).open("a") as file:
                    file.write(label + "\n")
            if chosen:
                os.kill(os.getpid(), signal.SIGKILL)

    def _ordered(self) -> str | None:
        with suppress(OSError):
            return Path(self._orders or "").read_text()
        return None


def watch(target: str, before: Watch | None = None, after: Watch | None = None) -> None:
    """Put watches around a function, named ``module:function`` or ``module:Class.method``."""
    module, _, path = target.partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for part in owners:
        owner = getattr(owner, part)
    watched = getattr(owner, name)

    @wraps(watched)
    def around(*arguments: Any, **options: Any) -> Any:
        given = arguments + tuple(options.values())
        if before is not None:
            before(Call(given))
        result = watched(*arguments, **options)
        if after is not None:
            after(Call(given, result))
        return result

    setattr(owner, name, around)


def watch_all(reached: Callable[[str], None]) -> None:
    """Watch every point of the table."""
    for step in STEPS:

        def passed(call: Call, step: Any = step) -> None:
            if step.condition(call):
                reached(step.label)

        watch(step.target, **{step.when: passed})
    written = threading.local()
    for write in WRITES:

        def wrote(call: Call, write: Any = write) -> None:
            if write.condition(call):
                written.labels = {*getattr(written, "labels", ()), write.committed}
                reached(write.written)

        watch(write.target, after=wrote)

    def begun(_call: Call) -> None:
        written.labels = set()

    def committed(_call: Call) -> None:
        for label in sorted(written.labels):
            reached(label)

    watch(COMMIT, before=begun, after=committed)


def shift_clock(file: Path) -> None:
    """Have the program's clock, and APScheduler's, go ahead by what the file says."""
    from apscheduler.schedulers import base

    from botsched.domain import clock

    def offset() -> timedelta:
        with suppress(OSError, ValueError):
            return timedelta(seconds=float(file.read_text()))
        return timedelta(0)

    original = clock.system_clock

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + offset()

    clock.system_clock = lambda: original() + offset()
    base.datetime = Shifted

    from botsched.scheduling import scheduler  # only now, for it takes the clock along

    scheduler._LONGEST_SLEEP_SECONDS = _CLOCK_SECONDS


def main() -> None:
    """Run the program as ``python -m botsched`` does."""
    wanted = json.loads(os.environ["FAULTS"])
    if clock := wanted.get("clock"):
        shift_clock(Path(clock))
    watch_all(Killer(**wanted).reached)
    from botsched.cli import main as program

    program()


if __name__ == "__main__":
    main()
