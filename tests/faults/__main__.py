"""Injects faults into the real program and shows what became of every due instant.

    python -m tests.faults --dbms sqlite --dbms postgresql --dbms mysql --seed 1 \
        points=34 random=30 processes=12

Each line of the table is a trial: a fresh database, with so many faults of one kind, then rest, and
a comparison of all that was due, asked for and run with what was recorded.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from botsched.settings.model import Dbms
from tests.faults import kills
from tests.faults.checker import Verdict
from tests.faults.places import database_server, trial_on
from tests.faults.points import Phase, labels
from tests.faults.trial import Trial
from tests.support.databases import DatabaseServer

Injected = Counter[str]


@dataclass(frozen=True)
class Kind:
    """A kind of faults; ``inject`` leaves the program running."""

    inject: Callable[[Trial, int], Injected]
    proxy: bool = False


KINDS = {
    "prepare": Kind(kills.at_preparing),
    "points": Kind(kills.at_points),
    "random": Kind(kills.at_random),
    "processes": Kind(kills.of_processes, proxy=True),
}


def main() -> int:
    """Run the trials that were asked for; 1 when any of them found anything wrong."""
    asked = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    print(HEADER, flush=True)
    total, faults = Verdict(), Injected()
    for dbms in map(Dbms, asked.dbms):
        with database_server(dbms) as server:
            for name, count in asked.kinds:
                found, injected = _try(name, count, server, folder / f"{dbms}-{name}", asked.seed)
                print(_line(dbms, injected, found), flush=True)
                for fault in found.faults:
                    print(f"    {fault}", flush=True)
                total.add(found)
                faults += injected
    print(_line("all", faults, total))
    return int(bool(total.faults or total.left_behind))
