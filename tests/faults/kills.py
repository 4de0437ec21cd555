"""Kills of the server, at labelled points and at random moments, and of what belongs to it."""

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from itertools import cycle
from pathlib import Path

from tests.faults.points import Phase, labels
from tests.faults.trial import Trial

_LONGEST_RUN = 3.0
"""Seconds after which a server that has not come to its point is killed where it is."""

_LONGEST_LIFE = 2.5

_AT_MOST = {Phase.PREPARE: 1, Phase.START: 1, Phase.RUN: 3, Phase.STOP: 1}

AT_A_POINT = "server killed at a labelled point"
AT_RANDOM = "server killed at a random moment"


def at_points(trial: Trial, count: int) -> Counter[str]:
    """Kill so many times at the points of the table, in turn; or at the one that is asked for."""
    chosen = [label for label, phase in labels().items() if phase is not Phase.PREPARE]
    chosen = [trial.only] if trial.only else chosen
    trial.begin()
    trial.kill()  # so that there is something to recover
    done: Counter[str] = Counter()
    for label, _ in zip(cycle(chosen), range(count), strict=False):
        done[AT_A_POINT if kill_at(trial, label) else AT_RANDOM] += 1
    trial.start()
    return done


def at_random(trial: Trial, count: int) -> Counter[str]:
    """Kill so many times, some of them while the server starts."""
    trial.begin()
    trial.kill()
    for _ in range(count):
        life = trial.chance.uniform(0.05, _LONGEST_LIFE)
        trial.launch()
        if trial.is_ready(life):
            trial.client.resolve()
            trial.traffic(life)
        trial.kill()
    trial.start()
    return Counter({AT_RANDOM: count})


def kill_at(trial: Trial, label: str, within: float = _LONGEST_RUN) -> bool:
    """Have the server kill itself at a point; False if it did not come there in time."""
    phase = labels()[label]
    trial.trace.unlink(missing_ok=True)
    trial.launch(label, trial.chance.randint(1, _AT_MOST[phase]))
    if trial.is_ready():
        trial.client.resolve()
        if phase is Phase.STOP:
            trial.run_long()
            trial.traffic(trial.chance.uniform(0, 0.5))
            trial.program.send()
            trial.program.wait()
        else:
            trial.traffic(within)
    trial.kill()
    return label in trial.reached


def at_preparing(trial: Trial, count: int) -> Counter[str]:
    """Kill the server while it makes its tables, in a database that is empty at first."""
    chosen = [label for label, phase in labels().items() if phase is Phase.PREPARE]
    done: Counter[str] = Counter()
    for label, _ in zip(cycle(chosen), range(count), strict=False):
        trial.launch(label)
        trial.program.wait()
        done[AT_A_POINT if label in trial.reached else AT_RANDOM] += 1
    trial.begin()
    return done


def of_processes(trial: Trial, count: int) -> Counter[str]:
    """Kill in turn a job's process, the fork server and the proxy; the server goes on."""
    trial.begin()
    done: Counter[str] = Counter()
    for what, _ in zip(cycle(_VICTIMS), range(count), strict=False):
        trial.traffic(trial.chance.uniform(0.2, 1.0))
        victims = _VICTIMS[what](trial)
        if victims:
            os.kill(trial.chance.choice(victims), signal.SIGKILL)
            done[f"{what} killed"] += 1
        trial.until_well()
    return done


def freezes(trial: Trial, count: int) -> Counter[str]:
    """Let the server stand still so many times, as a machine does that is moved or sleeps."""
    trial.begin()
    for _ in range(count):
        trial.traffic(trial.chance.uniform(0.2, 1.0))
        os.kill(trial.pid, signal.SIGSTOP)
        time.sleep(trial.chance.uniform(0.5, 6))
        os.kill(trial.pid, signal.SIGCONT)
        trial.until_well()
    trial.traffic(1.5)
    return Counter({"server frozen": count})


def _fork_servers(trial: Trial) -> list[int]:
    return [pid for pid, parent in _forking(trial).items() if parent == trial.pid]


def _jobs(trial: Trial) -> list[int]:
    forking = _forking(trial)
    return [pid for pid, parent in forking.items() if parent in forking]


def _forking(trial: Trial) -> dict[int, int]:
    """The fork server and the processes that it forked, with their parents."""
    found = {}
    for pid, command in trial.program.pids().items():
        if "-m botsched.execution.forkserver" in command:
            with suppress(OSError):
                stat = Path(f"/proc/{pid}/stat").read_text()
                found[pid] = int(stat.rpartition(")")[2].split()[1])
    return found


def _proxies(trial: Trial) -> list[int]:
    found = trial.program.pids().items()
    return [pid for pid, command in found if "-m botsched.proxy.child" in command]


_VICTIMS = {"a job's process": _jobs, "fork server": _fork_servers, "proxy": _proxies}
