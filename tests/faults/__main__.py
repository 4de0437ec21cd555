"""Injects faults into the real program and shows what became of every due instant.

    python -m tests.faults --dbms sqlite --dbms postgresql --seed 1 points=44 random=30

Kinds of faults: ``prepare`` (killed while the tables are made), ``points`` and ``random`` (kills of
the server), ``processes`` (kills of jobs, fork server and proxy), ``freeze`` (the server stands
still), ``clock`` (set forward and back), ``outages`` (a database server, or the line to it),
``disk`` (full; SQLite, as root), ``pairs`` (two servers on one database). Kinds that do not suit a
database are left out there.

Each line of the table is a trial: a fresh database, with so many faults of one kind, then rest, and
a comparison of all that was due, asked for and run with what was recorded.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from botsched.settings.model import Dbms
from tests.faults import clocks, kills, outages, pairs
from tests.faults.checker import Verdict
from tests.faults.places import database_server, relayed, small_disk, trial_on
from tests.faults.points import labels
from tests.faults.trial import Trial
from tests.support.databases import DatabaseServer

Injected = Counter[str]


@dataclass(frozen=True)
class Kind:
    """A kind of faults; ``inject`` leaves the program running."""

    inject: Callable[[Trial, int], Injected]
    proxy: bool = False
    servers_only: bool = False
    files_only: bool = False

    def suits(self, dbms: Dbms) -> bool:
        return not (self.servers_only if dbms is Dbms.SQLITE else self.files_only)


KINDS = {
    "prepare": Kind(kills.at_preparing),
    "points": Kind(kills.at_points),
    "random": Kind(kills.at_random),
    "processes": Kind(kills.of_processes, proxy=True),
    "freeze": Kind(kills.freezes),
    "clock": Kind(clocks.set_clock),
    "outages": Kind(outages.of_database, servers_only=True),
    "pairs": Kind(pairs.take_over, servers_only=True),
    "disk": Kind(outages.of_disk, files_only=True),
}


def main() -> int:
    """Run the trials that were asked for; 1 when any of them found anything wrong."""
    asked = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    _print_row("database", "faults", COLUMNS)
    total, faults = Verdict(), Injected()
    for dbms in map(Dbms, asked.dbms):
        with database_server(dbms) as server:
            for name, count in asked.kinds:
                if not KINDS[name].suits(dbms):
                    continue
                place = folder / f"{dbms}-{name}"
                found, injected = _try(name, count, server, place, asked)
                _print_found(dbms, injected, found)
                total.add(found)
                faults += injected
    _print_row("all", f"{faults.total()} faults", _figures(total))
    print(f"fates: {_in_words(total.fates)}")
    if total.faults or total.left_behind:
        print(f"what the programs left is in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


def _try(
    name: str, count: int, server: DatabaseServer | None, folder: Path, asked: argparse.Namespace
) -> tuple[Verdict, Injected]:
    kind = KINDS[name]
    folder.mkdir()
    chance = random.Random(f"{asked.seed} {folder.name}")
    with ExitStack() as stack:
        relay = disk = None
        if kind.servers_only and server is not None:
            relay = stack.enter_context(relayed(server))
        if kind.files_only:
            disk = stack.enter_context(small_disk(folder / "disk"))
        trial = stack.enter_context(
            trial_on(server, folder, chance, proxy=kind.proxy, relay=relay, disk=disk)
        )
        trial.only = asked.at
        try:
            injected = kind.inject(trial, count)
            found = trial.finish()
        except Exception:
            print(f"--- {folder}\n{trial.program.told}", file=sys.stderr)
            raise
        for what, seconds in trial.waits.items():
            print(f"    {what}: {seconds:.1f} s at most")
        return found, injected


COLUMNS = ("due", "missing", "doubled", "unexpl.", "followed", "acknowl.", "lost", "twice", "left")


def _figures(found: Verdict) -> tuple[int, ...]:
    return (
        found.due,
        found.missing,
        found.doubled,
        found.unexplained,
        found.followed,
        found.acknowledged,
        found.writes_lost,
        found.ran_twice,
        found.left_behind,
    )


def _print_found(dbms: Dbms, injected: Injected, found: Verdict) -> None:
    _print_row(dbms, _in_words(injected), _figures(found))
    for fault in found.faults:
        print(f"    {fault}", flush=True)


def _print_row(place: str, faults: str, figures: Iterable[object]) -> None:
    told = " ".join(f"{figure:>8}" for figure in figures)
    print(f"{place:10} {told}  {faults}", flush=True)


def _in_words(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dbms", action="append", choices=list(Dbms), help="default: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at", choices=labels(), help="kill at this point only", metavar="LABEL")
    parser.add_argument("kinds", nargs="+", metavar="KIND=COUNT", type=_kind)
    asked = parser.parse_args()
    asked.dbms = asked.dbms or list(Dbms)
    return asked


def _kind(text: str) -> tuple[str, int]:
    name, _, count = text.partition("=")
    if name not in KINDS:
        raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(KINDS)}")
    return name, int(count or 1)


if __name__ == "__main__":
    sys.exit(main())
